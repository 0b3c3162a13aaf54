import type { ListObjectsV2Output } from '@aws-sdk/client-s3';
import { CliffracerError } from '../errors.ts';
import type { BucketPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { batchesOf } from './batches.ts';
import type { AwsCalls } from './call.ts';
import { fromHeader, toHeader } from './encoded-words.ts';
import { awsCodeOf } from './errors.ts';

const DELETE_BATCH = { count: 1_000 };

/** A bucket, such as that of one stack's receipts. */
export async function createBucket({ call }: AwsCalls, names: Pick<StackNames, 'bucket'>): Promise<BucketPort> {
  const Bucket = names.bucket;
  return {
    async put(Key, body, { contentType, metadata }) {
      // A Buffer has a length: nothing has to be sent in chunks.
      const Body = Buffer.from(body);
      await call('s3', 'PutObject', {
        ...{ Bucket, Key, Body, ContentType: contentType },
        ...(metadata && { Metadata: mapValues(metadata, toHeader) }),
      });
    },
    async get(Key) {
      try {
        const { Body, Metadata } = await call('s3', 'GetObject', { Bucket, Key });
        return { body: (await Body?.transformToString()) ?? '', metadata: mapValues(Metadata ?? {}, fromHeader) };
      } catch (error) {
        if (awsCodeOf(error) === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async *list(Prefix) {
      let token: string | undefined;
      do {
        const more = token !== undefined && { ContinuationToken: token };
        const page: ListObjectsV2Output = await call('s3', 'ListObjectsV2', { Bucket, Prefix, ...more });
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
        const { Errors = [] } = await call('s3', 'DeleteObjects', { Bucket, Delete: { Objects, Quiet: true } });
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
