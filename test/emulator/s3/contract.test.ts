import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  paginateListObjectsV2,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTIONS, type Connection, engineFailures } from './clients.ts';

const KEYS = ['plain', 'a/b c+d', 'ä/€/😀', 'x&<y>"\'', '..', 'a//b/', '%20', '__proto__', 'tab\tand\u0001'];

describe.each(Object.keys(CONNECTIONS))('the AWS SDK %s', (kind) => {
  let connection: Connection;
  const Bucket = 'my-shop';
  beforeAll(async () => {
    connection = await CONNECTIONS[kind]!();
    await connection.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    await connection.close();
    expect(engineFailures()).toEqual([]);
  });
  const client = () => connection.client;
  const put = (Key: string, Body: string | Buffer, more: object = {}) =>
    client().send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = (Key: string, more: object = {}) => client().send(new GetObjectCommand({ Bucket, Key, ...more }));

  test.each(KEYS)('stores, reads, describes, lists, copies and deletes %j', async (Key) => {
    await put(Key, `content of ${Key}`, { ContentType: 'text/plain', Metadata: { order: 'ord_1' } });
    const output = await get(Key);
    expect(await output.Body!.transformToString()).toBe(`content of ${Key}`);
    expect(output).toMatchObject({ ContentType: 'text/plain', Metadata: { order: 'ord_1' }, AcceptRanges: 'bytes' });
    const head = await client().send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.ContentLength).toBe(output.ContentLength);
    expect(head.LastModified).toEqual(output.LastModified);
    const listed = await client().send(new ListObjectsCommand({ Bucket, EncodingType: 'url', Prefix: Key }));
    expect(listed.Contents!.map((object) => decodeURIComponent(object.Key!.replaceAll('+', ' ')))).toContain(Key);
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
    await client().send(new CopyObjectCommand({ Bucket, Key: `copies/${Key}`, CopySource }));
    expect(await (await get(`copies/${Key}`)).Body!.transformToString()).toBe(`content of ${Key}`);
    const Objects = [{ Key }, { Key: `copies/${Key}` }];
    const deleted = await client().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(deleted.Errors).toBeUndefined();
    await expect(get(Key)).rejects.toMatchObject({ name: 'NoSuchKey', Key, $metadata: { httpStatusCode: 404 } });
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] satisfies ChecksumAlgorithm[])(
    'verifies %s both ways',
    async (algorithm) => {
      const stored = await put('sum', 'some content', { ChecksumAlgorithm: algorithm });
      const value = stored[`Checksum${algorithm}`];
      expect(value).toMatch(/=$/);
      const output = await get('sum', { ChecksumMode: 'ENABLED' });
      expect(output[`Checksum${algorithm}`]).toBe(value);
      expect(await output.Body!.transformToString()).toBe('some content');
      await expect(put('sum', 'other', { [`Checksum${algorithm}`]: value })).rejects.toMatchObject({
        name: 'BadDigest',
      });
    },
  );

  test('streams of known length are sent in chunks with a trailer', async () => {
    const text = 'x'.repeat(100_000);
    const Body = Readable.from([Buffer.from(text)]);
    await client().send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: text.length, ContentEncoding: 'gzip' }),
    );
    const output = await get('stream');
    expect(output.ContentEncoding).toBe('gzip');
    expect((await output.Body!.transformToByteArray()).length).toBe(text.length);
  });

  test('an empty object, a range of one, and none of it', async () => {
    await put('empty', '');
    expect(await (await get('empty')).Body!.transformToString()).toBe('');
    await put('digits', '0123456789');
    const part = await get('digits', { Range: 'bytes=2-4' });
    expect(await part.Body!.transformToString()).toBe('234');
    expect(part).toMatchObject({ ContentRange: 'bytes 2-4/10', $metadata: { httpStatusCode: 206 } });
    await expect(get('digits', { Range: 'bytes=20-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test('conditions', async () => {
    const { ETag } = await put('condition', '1');
    await expect(get('condition', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('condition', { IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(get('condition', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    await expect(put('condition', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-None-Match',
    });
    await put('condition', '2', { IfMatch: ETag });
    await expect(put('condition', '3', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const input = { Bucket, Key: 'condition', IfMatch: ETag };
    await expect(client().send(new DeleteObjectCommand(input))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('a multipart upload', async () => {
    const Key = 'multi/part';
    const { UploadId } = await client().send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32' }),
    );
    const target = { Bucket, Key, UploadId };
    const uploads = await client().send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads).toMatchObject([{ Key, UploadId, ChecksumAlgorithm: 'CRC32', ChecksumType: 'COMPOSITE' }]);
    const first = await client().send(
      new UploadPartCommand({ ...target, PartNumber: 1, Body: Buffer.alloc(5 << 20, 1), ChecksumAlgorithm: 'CRC32' }),
    );
    await put('source', '0123456789');
    const copied = await client().send(
      new UploadPartCopyCommand({
        ...target,
        PartNumber: 2,
        CopySource: `${Bucket}/source`,
        CopySourceRange: 'bytes=0-3',
      }),
    );
    const { Parts } = await client().send(new ListPartsCommand(target));
    expect(Parts).toMatchObject([
      { PartNumber: 1, Size: 5 << 20, ETag: first.ETag },
      { PartNumber: 2, Size: 4, ETag: copied.CopyPartResult!.ETag },
    ]);
    const complete = await client().send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
    expect(complete).toMatchObject({
      Key,
      ETag: expect.stringMatching(/^"[0-9a-f]{32}-2"$/),
      ChecksumCRC32: expect.stringMatching(/-2$/),
    });
    const part = await get(Key, { PartNumber: 2 });
    expect(await part.Body!.transformToString()).toBe('0123');
    expect(part).toMatchObject({ PartsCount: 2, ContentRange: `bytes ${5 << 20}-${(5 << 20) + 3}/${(5 << 20) + 4}` });
    const ObjectAttributes: ('ObjectParts' | 'ObjectSize')[] = ['ObjectParts', 'ObjectSize'];
    const attributes = await client().send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes }));
    expect(attributes).toMatchObject({
      ObjectSize: (5 << 20) + 4,
      ObjectParts: { TotalPartsCount: 2, Parts: [{ PartNumber: 1 }, { PartNumber: 2 }] },
    });
    await expect(client().send(new AbortMultipartUploadCommand(target))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  test('pages of a listing', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `page/${String(index).padStart(2, '0')}`);
    for (const key of keys) await put(key, key);
    const found: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2({ client: client(), pageSize: 10 }, { Bucket, Prefix: 'page/' })) {
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      pages++;
    }
    expect([found, pages]).toEqual([keys, 3]);
  });

  test('what a bucket is set to', async () => {
    const TagSet = [{ Key: 'team', Value: 'a+b @c' }];
    await client().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await client().send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
    const Policy = JSON.stringify({
      Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}` },
    });
    await client().send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await client().send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    const Rules = [{ ID: 'r', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }];
    await client().send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect((await client().send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    const encryption = await client().send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ]);
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    await client().send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await client().send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
      PublicAccessBlockConfiguration,
    });
    expect((await client().send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const versioning = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await expect(client().send(versioning)).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('tags of an object', async () => {
    await put('tagged', 'x', { Tagging: 'a=1&b=%20' });
    const object = { Bucket, Key: 'tagged' };
    expect((await client().send(new GetObjectTaggingCommand(object))).TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: ' ' },
    ]);
    await client().send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [] } }));
    expect((await client().send(new GetObjectTaggingCommand(object))).TagSet).toEqual([]);
  });

  test('buckets', async () => {
    const other = 'their.bucket';
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
    await client().send(new CreateBucketCommand({ Bucket: other, CreateBucketConfiguration }));
    expect((await client().send(new GetBucketLocationCommand({ Bucket: other }))).LocationConstraint).toBe('eu-west-1');
    expect((await client().send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    expect((await client().send(new HeadBucketCommand({ Bucket: other }))).BucketRegion).toBe('eu-west-1');
    const { Buckets } = await client().send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, other]);
    await expect(
      client().send(new CreateBucketCommand({ Bucket: other, CreateBucketConfiguration })),
    ).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await put('full', 'x');
    await expect(client().send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      BucketName: Bucket,
    });
    await client().send(new DeleteBucketCommand({ Bucket: other }));
    await expect(client().send(new HeadBucketCommand({ Bucket: other }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(client().send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });
});
