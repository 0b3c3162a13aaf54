import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../settings.ts';

/** An emulator has no host name per bucket, and not every one knows the checksums that newer clients add unasked. */
export const s3Client = (settings: Settings) =>
  new S3Client({
    ...settings,
    forcePathStyle: settings.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
