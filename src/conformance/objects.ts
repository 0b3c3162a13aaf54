import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AS_AWS, type Behaviour, differs, type Trial } from './behaviour.ts';
import { all, refusalOf, refused, same } from './expectations.ts';

const GUIDE = 'S3 User Guide';
const API = 'S3 API Reference';

interface TrialBucket {
  s3: S3Client;
  Bucket: string;
  create(): Promise<unknown>;
  put(Key: string, Body: string, more?: object): Promise<PutObjectCommandOutput>;
  read(Key: string): Promise<{ text: string; metadata: Record<string, string> }>;
}

/** A bucket for the time of `use`. */
async function withBucket<T>(trial: Trial, use: (bucket: TrialBucket) => Promise<T>): Promise<T> {
  const s3 = await trial.clients.s3();
  const { region } = trial.clients.target;
  const Bucket = trial.name;
  const location =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  const create = () => s3.send(new CreateBucketCommand({ Bucket, ...location }));
  await create();
  try {
    return await use({
      ...{ s3, Bucket, create },
      put: (Key, Body, more = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body), ...more })),
      async read(Key) {
        const { Body, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return { text: (await Body?.transformToString()) ?? '', metadata: Metadata };
      },
    });
  } finally {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
  }
}

export const OBJECTS: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 's3-object',
    does: 'an object comes back with its metadata; its ETag is the MD5 of its content',
    source: `${API}, PutObject, GetObject`,
    run: (trial) =>
      withBucket(trial, async ({ put, read }) => {
        const { ETag } = await put('a/b c+d.json', '{"ä":1}', { Metadata: { order_id: 'ord_1' } });
        const { text, metadata } = await read('a/b c+d.json');
        return all(
          same('the content', text, '{"ä":1}'),
          same('the metadata', metadata, { order_id: 'ord_1' }),
          same('the ETag', ETag, `"${createHash('md5').update('{"ä":1}').digest('hex')}"`),
        );
      }),
  },
  {
    id: 's3-missing',
    does: 'a key that does not exist is called so, and deleting it is no error',
    source: `${API}, GetObject, DeleteObject`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket, read }) => {
        await s3.send(new DeleteObjectCommand({ Bucket, Key: 'none' }));
        return refused(read('none'), 'NoSuchKey');
      }),
  },
  {
    id: 's3-if-none-match',
    does: 'If-None-Match: * writes only where nothing is',
    source: `${GUIDE}, Conditional writes`,
    run: (trial) =>
      withBucket(trial, async ({ put, read }) => {
        await put('a', 'first', { IfNoneMatch: '*' });
        const second = await refused(put('a', 'second', { IfNoneMatch: '*' }), 'PreconditionFailed');
        return all(second, same('the content', (await read('a')).text, 'first'));
      }),
  },
  {
    id: 's3-list',
    does: 'keys are listed in the order of their bytes, page by page',
    source: `${API}, ListObjectsV2`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket, put }) => {
        for (const key of ['p/b', 'p/ä', 'p/B', 'p/a', 'q']) await put(key, '');
        const pages: string[][] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 3, ContinuationToken }));
          pages.push((page.Contents ?? []).map(({ Key }) => Key ?? ''));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined && pages.length < 5);
        return same('the pages', pages, [['p/B', 'p/a', 'p/b'], ['p/ä']]);
      }),
  },
  {
    id: 's3-delete-many',
    does: 'deleting many takes keys that do not exist too, and lists what it deleted',
    source: `${API}, DeleteObjects`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket, put }) => {
        await put('a', '');
        const Objects = [{ Key: 'a' }, { Key: 'none' }];
        const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
        return all(
          same('what was deleted', Deleted?.map(({ Key }) => Key).sort(), ['a', 'none']),
          same('what was not', Errors?.length ?? 0, 0),
        );
      }),
  },
  {
    id: 's3-create-again',
    does: 'making a bucket again is fine in us-east-1, and refused elsewhere',
    source: `${API}, CreateBucket`,
    run: (trial) =>
      withBucket(trial, async ({ create }) => {
        if (trial.clients.target.region !== 'us-east-1') return refused(create(), 'BucketAlreadyOwnedByYou');
        return same('the refusal', await refusalOf(create()), undefined);
      }),
  },
  {
    id: 's3-not-empty',
    does: 'a bucket that is not empty is not deleted',
    source: `${API}, DeleteBucket`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket, put }) => {
        await put('a', '');
        return refused(s3.send(new DeleteBucketCommand({ Bucket })), 'BucketNotEmpty');
      }),
  },
  {
    id: 's3-encrypted',
    does: 'a new bucket is encrypted with AES256',
    source: `${GUIDE}, Setting default server-side encryption behavior`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket }) => {
        const { ServerSideEncryptionConfiguration: found } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
        const algorithm = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
        return same('the encryption', algorithm, 'AES256');
      }),
  },
  {
    id: 's3-closed',
    does: 'public access can be blocked, and a policy set',
    source: `${GUIDE}, Blocking public access; Bucket policies`,
    run: (trial) =>
      withBucket(trial, async ({ s3, Bucket }) => {
        const block = { BlockPublicAcls: true, IgnorePublicAcls: true };
        const PublicAccessBlockConfiguration = { ...block, BlockPublicPolicy: true, RestrictPublicBuckets: true };
        await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
        const Resource = `arn:aws:s3:::${Bucket}/*`;
        const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
        const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource, Condition }];
        const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
        await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
        const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
        const policy = await s3.send(new GetBucketPolicyCommand({ Bucket }));
        const kept = JSON.parse(policy.Policy ?? '{}').Statement;
        if ([kept].flat()[0]?.Resource !== Resource) return differs('the policy is not kept');
        return found.PublicAccessBlockConfiguration?.RestrictPublicBuckets ? AS_AWS : differs('the block is not kept');
      }),
  },
  {
    id: 's3-checksum',
    does: 'a content that does not fit its checksum is refused',
    source: `${GUIDE}, Checking object integrity`,
    run: (trial) =>
      withBucket(trial, async ({ put }) => {
        const ContentMD5 = createHash('md5').update('another').digest('base64');
        return refused(put('a', 'content', { ContentMD5 }), 'BadDigest');
      }),
  },
];
