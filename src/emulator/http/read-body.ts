import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES, MAX_OBJECT_BYTES } from '../protocols/bodies.ts';

const EMPTY = Buffer.alloc(0);

/** Bytes of all request bodies being read or handled at this moment; shared by a server's connections. */
export interface BodyBudget {
  used: number;
  limit: number;
}

export type ReadBody = { body: Buffer } | { refused: 'oversized' | 'busy' | 'gone' };

/** Reads a body within the limit for its kind of request. What is refused is not read further. */
export function readBody(request: IncomingMessage, budget: BodyBudget): Promise<ReadBody> | ReadBody {
  const { headers } = request;
  const declared = headers['content-length'];
  if (declared === undefined && headers['transfer-encoding'] === undefined) return { body: EMPTY };
  if (declared === '0') return { body: EMPTY };
  const limit = limitOf(request);
  if (declared !== undefined && Number(declared) > limit) return { refused: 'oversized' };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let finished = false;
    const finish = (result: ReadBody) => {
      if (finished) return;
      finished = true;
      if ('refused' in result) {
        request.pause();
        budget.used -= length;
      }
      resolve(result);
    };
    request.on('data', (chunk: Buffer) => {
      if (finished) return;
      length += chunk.length;
      budget.used += chunk.length;
      chunks.push(chunk);
      if (length > limit) finish({ refused: 'oversized' });
      else if (budget.used > budget.limit) finish({ refused: 'busy' });
    });
    request.on('end', () => finish({ body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length) }));
    request.on('error', nothing);
    request.on('close', () => finish({ refused: 'gone' }));
  });
}

/** An error is followed by the close that ends the reading. */
const nothing = () => {};

/** Only objects may be large; S3's requests are those that carry no other protocol's marks. */
function limitOf({ headers, url = '' }: IncomingMessage): number {
  const isOther =
    headers['x-amz-target'] !== undefined ||
    headers['smithy-protocol'] !== undefined ||
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') ||
    url.startsWith('/_');
  return isOther ? MAX_BODY_BYTES : MAX_OBJECT_BYTES;
}
