import { expect } from 'vitest';
import { type Case, contract, type World } from './contract.ts';
import { BUCKET_CASES } from './s3-buckets.ts';

/** Bucket names are shared by all accounts. */
const bucketOf = ({ account }: World) => `bucket-${account}`;

async function bucket(world: World): Promise<string> {
  const Bucket = bucketOf(world);
  await world.call('s3', 'CreateBucket', { Bucket });
  return Bucket;
}

const put = (world: World, Key: string, Body: string | Buffer = 'hello', more: object = {}) =>
  world.call('s3', 'PutObject', { Bucket: bucketOf(world), Key, Body, ...more });
const textOf = async ({ Body }: any): Promise<string> => Body.transformToString();

const CASES: readonly Case[] = [
  {
    what: 'a bucket is made once, found, located and deleted when it is empty',
    doc: 'S3 API Reference, CreateBucket, DeleteBucket',
    covers: ['CreateBucket', 'HeadBucket', 'ListBuckets', 'GetBucketLocation', 'DeleteBucket'],
    async run(world) {
      const Bucket = await bucket(world);
      await world.call('s3', 'HeadBucket', { Bucket });
      expect((await world.call('s3', 'ListBuckets')).Buckets.map(({ Name }: any) => Name)).toEqual([Bucket]);
      expect((await world.call('s3', 'GetBucketLocation', { Bucket })).LocationConstraint ?? '').toBe('');
      await put(world, 'k');
      expect((await world.refused('s3', 'DeleteBucket', { Bucket })).name).toBe('BucketNotEmpty');
      await world.call('s3', 'DeleteObject', { Bucket, Key: 'k' });
      await world.call('s3', 'DeleteBucket', { Bucket });
      expect((await world.refused('s3', 'HeadBucket', { Bucket })).$metadata.httpStatusCode).toBe(404);
    },
  },
  {
    what: 'objects come back with their headers, in parts, and under conditions',
    doc: 'S3 API Reference, PutObject, GetObject',
    covers: [
      'PutObject',
      'GetObject',
      'HeadObject',
      'GetObjectAttributes',
      'CopyObject',
      'DeleteObject',
      'DeleteObjects',
    ],
    async run(world) {
      const Bucket = await bucket(world);
      const { ETag } = await put(world, 'a b/ü', 'hello', { ContentType: 'text/plain', Metadata: { order: '1' } });
      const get = (more: object = {}) => world.call('s3', 'GetObject', { Bucket, Key: 'a b/ü', ...more });
      expect(await textOf(await get({ Range: 'bytes=1-3' }))).toBe('ell');
      expect(await get()).toMatchObject({ ContentType: 'text/plain', Metadata: { order: '1' }, ETag });
      const unchanged = await world.refused('s3', 'GetObject', { Bucket, Key: 'a b/ü', IfNoneMatch: ETag });
      expect(unchanged.$metadata.httpStatusCode).toBe(304);
      const CopySource = `${Bucket}/${encodeURIComponent('a b/ü')}`;
      await world.call('s3', 'CopyObject', { Bucket, Key: 'copy', CopySource });
      expect(await world.call('s3', 'HeadObject', { Bucket, Key: 'copy' })).toMatchObject({ ContentLength: 5, ETag });
      const ObjectAttributes = ['ObjectSize'];
      expect(await world.call('s3', 'GetObjectAttributes', { Bucket, Key: 'copy', ObjectAttributes })).toMatchObject({
        ObjectSize: 5,
      });
      await world.call('s3', 'DeleteObject', { Bucket, Key: 'copy' });
      const Delete = { Objects: [{ Key: 'a b/ü' }, { Key: 'never there' }] };
      expect((await world.call('s3', 'DeleteObjects', { Bucket, Delete })).Deleted).toHaveLength(2);
      expect((await world.refused('s3', 'GetObject', { Bucket, Key: 'copy' })).name).toBe('NoSuchKey');
    },
  },
  {
    what: 'listings are in the order of UTF-8 bytes, folded at the delimiter, page by page',
    doc: 'S3 API Reference, ListObjectsV2, ListObjects',
    covers: ['ListObjectsV2', 'ListObjects'],
    async run(world) {
      const Bucket = await bucket(world);
      for (const key of ['a/1', 'a/2', 'b', 'ü', '😀']) await put(world, key);
      const list = await world.call('s3', 'ListObjectsV2', { Bucket, Delimiter: '/', MaxKeys: 2 });
      expect([list.CommonPrefixes, list.Contents.map(({ Key }: any) => Key)]).toEqual([[{ Prefix: 'a/' }], ['b']]);
      const next = await world.call('s3', 'ListObjectsV2', { Bucket, ContinuationToken: list.NextContinuationToken });
      expect(next.Contents.map(({ Key }: any) => Key)).toEqual(['ü', '😀']);
      const first = await world.call('s3', 'ListObjects', { Bucket, MaxKeys: 3 });
      expect(first).toMatchObject({ IsTruncated: true });
      const rest = await world.call('s3', 'ListObjects', { Bucket, Marker: 'b' });
      expect(rest.Contents).toHaveLength(2);
    },
  },
  {
    what: 'an upload in parts becomes one object; an aborted one nothing',
    doc: 'S3 User Guide, Multipart upload',
    covers: [
      ...['CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'ListParts', 'ListMultipartUploads'],
      ...['CompleteMultipartUpload', 'AbortMultipartUpload'],
    ],
    async run(world) {
      const Bucket = await bucket(world);
      const begin = async (Key: string) => {
        const { UploadId } = await world.call('s3', 'CreateMultipartUpload', { Bucket, Key });
        return { Bucket, Key, UploadId };
      };
      const upload = await begin('large');
      const five = Buffer.alloc(5 * 1024 * 1024, 'x');
      const { ETag } = await world.call('s3', 'UploadPart', { ...upload, PartNumber: 1, Body: five });
      await put(world, 'source', 'tail');
      const copy = { ...upload, PartNumber: 2, CopySource: `${Bucket}/source` };
      const { CopyPartResult } = await world.call('s3', 'UploadPartCopy', copy);
      expect((await world.call('s3', 'ListParts', upload)).Parts).toMatchObject([{ Size: five.length }, { Size: 4 }]);
      const Parts = [
        { PartNumber: 1, ETag },
        { PartNumber: 2, ETag: CopyPartResult.ETag },
      ];
      const done = await world.call('s3', 'CompleteMultipartUpload', { ...upload, MultipartUpload: { Parts } });
      expect(done.ETag).toMatch(/-2"$/);
      expect((await world.call('s3', 'HeadObject', { Bucket, Key: 'large' })).ContentLength).toBe(five.length + 4);
      const other = await begin('never');
      expect((await world.call('s3', 'ListMultipartUploads', { Bucket })).Uploads).toMatchObject([{ Key: 'never' }]);
      await world.call('s3', 'AbortMultipartUpload', other);
      expect((await world.refused('s3', 'ListParts', other)).name).toBe('NoSuchUpload');
    },
  },
  {
    what: 'tags of buckets and objects',
    doc: 'S3 API Reference, PutBucketTagging, PutObjectTagging',
    covers: [
      ...['PutBucketTagging', 'GetBucketTagging', 'DeleteBucketTagging'],
      ...['PutObjectTagging', 'GetObjectTagging', 'DeleteObjectTagging'],
    ],
    async run(world) {
      const Bucket = await bucket(world);
      const Tagging = { TagSet: [{ Key: 'a', Value: 'ü' }] };
      await world.call('s3', 'PutBucketTagging', { Bucket, Tagging });
      expect((await world.call('s3', 'GetBucketTagging', { Bucket })).TagSet).toEqual(Tagging.TagSet);
      await world.call('s3', 'DeleteBucketTagging', { Bucket });
      expect((await world.refused('s3', 'GetBucketTagging', { Bucket })).name).toBe('NoSuchTagSet');
      await put(world, 'k');
      const object = { Bucket, Key: 'k' };
      await world.call('s3', 'PutObjectTagging', { ...object, Tagging });
      expect((await world.call('s3', 'GetObjectTagging', object)).TagSet).toEqual(Tagging.TagSet);
      await world.call('s3', 'DeleteObjectTagging', object);
      expect((await world.call('s3', 'GetObjectTagging', object)).TagSet).toEqual([]);
    },
  },
  {
    what: 'settings of a bucket are kept as they were put, and gone when deleted',
    doc: 'S3 API Reference, PutBucketEncryption, PutBucketLifecycleConfiguration, PutBucketPolicy, PutPublicAccessBlock',
    covers: [
      ...['PutBucketEncryption', 'GetBucketEncryption', 'DeleteBucketEncryption'],
      ...['PutBucketLifecycleConfiguration', 'GetBucketLifecycleConfiguration', 'DeleteBucketLifecycle'],
      ...['PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucketPolicy', 'GetBucketVersioning'],
      ...['PutPublicAccessBlock', 'GetPublicAccessBlock', 'DeletePublicAccessBlock'],
    ],
    async run(world) {
      const Bucket = await bucket(world);
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
      await world.call('s3', 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });
      expect(
        (await world.call('s3', 'GetBucketEncryption', { Bucket })).ServerSideEncryptionConfiguration.Rules,
      ).toMatchObject(Rules);
      await world.call('s3', 'DeleteBucketEncryption', { Bucket });
      const rule = { ID: 'r', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
      await world.call('s3', 'PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules: [rule] } });
      expect((await world.call('s3', 'GetBucketLifecycleConfiguration', { Bucket })).Rules).toMatchObject([rule]);
      await world.call('s3', 'DeleteBucketLifecycle', { Bucket });
      expect((await world.refused('s3', 'GetBucketLifecycleConfiguration', { Bucket })).name).toBe(
        'NoSuchLifecycleConfiguration',
      );
      const statement = {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await world.call('s3', 'PutBucketPolicy', { Bucket, Policy });
      expect(JSON.parse((await world.call('s3', 'GetBucketPolicy', { Bucket })).Policy)).toEqual(JSON.parse(Policy));
      await world.call('s3', 'DeleteBucketPolicy', { Bucket });
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      };
      await world.call('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration });
      expect(await world.call('s3', 'GetPublicAccessBlock', { Bucket })).toMatchObject({
        PublicAccessBlockConfiguration,
      });
      await world.call('s3', 'DeletePublicAccessBlock', { Bucket });
      // Versions are not implemented, and a bucket that never had any has no status.
      const enabled = { Bucket, VersioningConfiguration: { Status: 'Enabled' } };
      expect((await world.refused('s3', 'PutBucketVersioning', enabled)).name).toBe('NotImplemented');
      expect((await world.call('s3', 'GetBucketVersioning', { Bucket })).Status).toBeUndefined();
    },
  },
];

const REFUSED = [
  ...['PutBucketVersioning', 'GetBucketCors', 'GetBucketWebsite'],
  ...['GetBucketReplication', 'GetObjectLockConfiguration'],
];

contract('s3', [...CASES, ...BUCKET_CASES], { refused: REFUSED });
