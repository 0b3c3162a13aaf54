import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CliffracerError } from '../../errors.ts';
import type { Buckets } from '../../lab/stores/port.ts';
import type { Clients } from '../clients.ts';
import { awsCodeOf } from '../errors.ts';

/** S3 by the buckets' own names. */
export function createBucketStore(clients: Clients): Buckets {
  return {
    async list() {
      const { Buckets: buckets = [] } = await (await clients.s3()).send(new ListBucketsCommand({}));
      return buckets.map(({ Name = '', CreationDate }) => ({ bucket: Name, created_at: isoTime(CreationDate) }));
    },
    async objects(bucket, { prefix, after, limit }) {
      const page = await (await clients.s3()).send(
        new ListObjectsV2Command({
          ...{ Bucket: bucket, Prefix: prefix, MaxKeys: limit },
          ...(after !== '' && { StartAfter: after }),
        }),
      );
      const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified, ETag = '' }) => ({
        ...{ key: Key, size: Size, modified_at: isoTime(LastModified) ?? '', etag: ETag.replaceAll('"', '') },
      }));
      return { objects, after: page.IsTruncated ? (objects.at(-1)?.key ?? null) : null };
    },
    async look(bucket, key, largest) {
      const { answer, size, bytes } = await get(clients, bucket, key, largest);
      return {
        ...{ key, size, modified_at: isoTime(answer.LastModified) ?? '' },
        etag: (answer.ETag ?? '').replaceAll('"', ''),
        content_type: answer.ContentType ?? '',
        metadata: answer.Metadata ?? {},
        text: textOf(bytes, size > bytes.length),
        truncated: size > bytes.length,
      };
    },
    async read(bucket, key, largest) {
      const { answer, size, bytes } = await get(clients, bucket, key, largest);
      if (size > largest) {
        throw new CliffracerError('invalid_input', `${key} has ${size} bytes, more than the ${largest} of a download`, {
          hint: 'presign it, and get it from that address',
        });
      }
      return { bytes, content_type: answer.ContentType ?? 'application/octet-stream' };
    },
    async write(bucket, key, content, contentType) {
      const input = { Bucket: bucket, Key: key, Body: content, ContentType: contentType };
      await (await clients.s3()).send(new PutObjectCommand(input));
    },
    async delete(bucket, key) {
      await (await clients.s3()).send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async presign(bucket, key, seconds) {
      const [s3, { getSignedUrl }] = await Promise.all([clients.s3(), import('@aws-sdk/s3-request-presigner')]);
      return getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds });
    },
  };
}

const isoTime = (date: Date | undefined) => date?.toISOString() ?? null;

/** The first `largest` bytes of an object; not every engine heeds a range. */
async function get(clients: Clients, bucket: string, key: string, largest: number) {
  const s3 = await clients.s3();
  const input = { Bucket: bucket, Key: key };
  const Range = `bytes=0-${largest - 1}`;
  let answer: GetObjectCommandOutput;
  try {
    answer = await s3.send(new GetObjectCommand({ ...input, Range }));
  } catch (error) {
    if (awsCodeOf(error) === 'NoSuchKey') {
      throw new CliffracerError('not_found', `there is no object ${JSON.stringify(key)} in ${bucket}`);
    }
    // No range fits an empty object.
    if (awsCodeOf(error) !== 'InvalidRange') throw error;
    answer = await s3.send(new GetObjectCommand(input));
  }
  const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
  const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
  return { answer, size: whole === undefined ? bytes.length : Number(whole), bytes: bytes.subarray(0, largest) };
}

function textOf(bytes: Uint8Array, cut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return text.includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}
