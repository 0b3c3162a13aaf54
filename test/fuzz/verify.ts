import { decode } from 'cborg';
import { parseXml } from '../../src/emulator/protocols/xml-parse.ts';
import type { FuzzResponse } from './connection.ts';

/** What is wrong with an answer; undefined when it is one that AWS could give. */
export function complaint({ status, headers, body }: FuzzResponse, isHead: boolean): string | undefined {
  const isExpected =
    (status >= 200 && status < 300) || status === 304 || (status >= 400 && status < 500) || status === 501;
  const isUndecodable = status === 500 && body.includes(DYNAMODB_ON_BODIES);
  if (!isExpected && !isUndecodable) return `status ${status}: ${body.toString('utf8', 0, 300)}`;
  const text = body.toString('latin1');
  if (status >= 400 && /\bat \S+ \(?\S+\.[jt]s:\d+/.test(text)) return 'a stack trace in the answer';
  // An object's bytes are whatever somebody stored, under whatever type they gave it.
  if (isHead || body.length === 0 || (status < 300 && headers.etag !== undefined)) return undefined;
  const type = headers['content-type'] ?? '';
  try {
    if (type.includes('json')) checkError(status, JSON.parse(body.toString('utf8')), '__type');
    else if (type.includes('cbor')) checkError(status, decode(body, { tags: { 1: (inside) => inside() } }), '__type');
    else if (type.includes('xml') && (status >= 400 || text.startsWith('<?xml'))) {
      const document = parseXml(body.toString('utf8').trimEnd());
      // S3 gives a key back as it is, whatever it is.
      if (text.includes('<ErrorResponse') && NO_CHARACTER.test(text))
        return 'an error with a reference to what is no character of XML';
      if (status >= 400 && !text.includes('<Code>') && text !== '<UnknownOperationException/>\n')
        return `an error without a code: ${document.name}`;
    }
  } catch (error) {
    return `${type} that cannot be read (${(error as Error).message}): ${body.toString('utf8', 0, 300)}`;
  }
  return undefined;
}

/** DynamoDB's word for a body that is not encoded as it says; a fault of the engine's own is an InternalFailure. */
const DYNAMODB_ON_BODIES = 'com.amazonaws.dynamodb.v20120810#InternalServerError';

/** References that a strict parser refuses (XML 1.0, 2.2 Characters). */
const NO_CHARACTER = /&#x(?:0|[1-8bcef]|1[0-9a-f]|fff[ef]);/;

function checkError(status: number, value: unknown, member: string): void {
  if (status < 400) return;
  const type = (value as Record<string, unknown> | null)?.[member];
  if (typeof type !== 'string' && (value as { error?: unknown }).error === undefined) throw new Error(`no ${member}`);
}
