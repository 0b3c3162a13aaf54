import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CliffracerError } from '../errors.ts';
import type { BucketPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { batchesOf } from './batches.ts';
import type { Clients } from './clients.ts';
import { awsCodeOf } from './errors.ts';

const DELETE_BATCH = { count: 1_000 };

/** The receipts' bucket of one stack. */
export async function createBucket(clients: Clients, names: StackNames): Promise<BucketPort> {
  const s3 = await clients.s3();
  const Bucket = names.bucket;
  return {
    async put(Key, body, { contentType, metadata }) {
      // A Buffer has a length: nothing has to be sent in chunks.
      const Body = Buffer.from(body);
      await s3.send(
        new PutObjectCommand({
          ...{ Bucket, Key, Body, ContentType: contentType },
          ...(metadata && { Metadata: mapValues(metadata, headerText) }),
        }),
      );
    },
    async get(Key) {
      try {
        const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return { body: (await Body?.transformToString()) ?? '', metadata: mapValues(Metadata ?? {}, plainText) };
      } catch (error) {
        if (awsCodeOf(error) === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async *list(Prefix) {
      let token: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix, ...(token !== undefined && { ContinuationToken: token }) }),
        );
        for (const { Key, Size, LastModified, ETag } of page.Contents ?? []) {
          yield {
            ...{ key: Key ?? '', size: Size ?? 0, modifiedAt: LastModified?.getTime() ?? 0 },
            ...(ETag !== undefined && { etag: ETag }),
          };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async deleteMany(keys) {
      for (const batch of batchesOf(keys, DELETE_BATCH)) {
        const Objects = batch.map(({ item }) => ({ Key: item }));
        const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
        const [failed] = Errors;
        if (failed === undefined) continue;
        const more = Errors.length > 1 ? ` and ${Errors.length - 1} more` : '';
        throw new CliffracerError('aws_error', `S3 did not delete ${failed.Key}${more}: ${failed.Code}`, {
          retryable: /InternalError|SlowDown|ServiceUnavailable/.test(failed.Code ?? ''),
        });
      }
    },
  };
}

const mapValues = (record: Record<string, string>, change: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** Metadata travels in headers; what is not plain ASCII is encoded as S3 does it itself (S3 User Guide, object metadata: RFC 2047). */
function headerText(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) && value.trim() === value && !value.startsWith('=?')) return value;
  return `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

function plainText(value: string): string {
  const encoded = /^=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=$/i.exec(value);
  return encoded === null ? value : Buffer.from(encoded[1]!, 'base64').toString();
}
