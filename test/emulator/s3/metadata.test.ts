import { expect, test } from 'vitest';
import { s3WithBucket } from './engine.ts';

// S3 User Guide, Working with object metadata: "encoded as per RFC 2047 to make them mail-safe before returning";
// LocalStack, test_s3.py: TestS3PresignedPost, test_post_object_unicode, recorded on AWS.
test.each([
  ['plain text = as_is?', 'plain text = as_is?'],
  ['café', '=?UTF-8?Q?caf=C3=A9?='],
  ['ÄMÄZÕÑ S3', '=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?='],
  ['ü_=', '=?UTF-8?Q?=C3=BC=5F=3D?='],
  ['\x00\x01\x02\x03\x04', '=?UTF-8?B?AAECAwQ=?='],
  ['=?UTF-8?Q?hello_world?=', 'hello world'],
  ['=?utf-8?b?aGVsbG8=?=', 'hello'],
  ['=?UTF-8?Q?caf=C3=A9?=', '=?UTF-8?Q?caf=C3=A9?='],
  ['=?UTF-8?B?w4PChE3Dg8KE?=', '=?UTF-8?B?w4PChE3Dg8KE?='],
])('metadata %j come back as %j', async (given, expected) => {
  const { put, get } = await s3WithBucket();
  await put('a', 'x', { Metadata: { v: given } });
  expect((await get('a')).Metadata).toEqual(new Map([['v', expected]]));
});
