import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Settings } from '../settings.ts';

/** An emulator has no host name per bucket, and not every one knows the checksums that newer clients add unasked. */
export const s3Client = (settings: Settings) =>
  new S3Client({
    ...settings,
    // Handlers remember the bucket that they were made for.
    cacheMiddleware: false,
    forcePathStyle: settings.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

/**
 * Every bucket must be the account's own (S3 User Guide, Verifying bucket ownership): names are shared by everybody, and
 * somebody else may have taken one first.
 */
export function onlyOwn(client: S3Client, account: string): void {
  client.middlewareStack.add(
    (next) => (args) => next({ ...args, input: { ...args.input, ExpectedBucketOwner: account } as typeof args.input }),
    { step: 'initialize', name: 'onlyOwn' },
  );
}

export const s3Commands = {
  PutObject: PutObjectCommand,
  GetObject: GetObjectCommand,
  ListObjectsV2: ListObjectsV2Command,
  DeleteObjects: DeleteObjectsCommand,
};
