import { describe, expect, it, test } from 'vitest';
import { s3Engine, s3WithBucket, type Where } from './engine.ts';

describe('bucket names (S3 User Guide, General purpose bucket naming rules)', () => {
  test.each(['abc', 'my.bucket', 'a-b-1', 'a'.repeat(63), '123', 'x--y', '1.2.3'])('%s is one', async (Bucket) => {
    expect(await s3Engine().call('CreateBucket', { Bucket })).toMatchObject({ Location: `/${Bucket}` });
  });

  test.each([
    'ab',
    'a'.repeat(64),
    'Abc',
    'a_b',
    '-abc',
    'abc-',
    '.abc',
    'abc.',
    'a..b',
    '192.168.5.4',
    'xn--abc',
    'sthree-abc',
    'amzn-s3-demo-x',
    'abc-s3alias',
    'abc--ol-s3',
    'abc.mrap',
    'abc--x-s3',
    'abc--table-s3',
    'a.-b',
    'a-.b',
    '__proto__',
    'a b',
    'äbc',
  ])('%s is none', async (Bucket) => {
    const { refusal } = s3Engine();
    const invalid = 'InvalidBucketName 400: The specified bucket is not valid.';
    expect(await refusal('CreateBucket', { Bucket })).toBe(invalid);
    expect(await refusal('ListObjectsV2', { Bucket })).toBe(invalid);
  });
});

describe('CreateBucket', () => {
  const west = { region: 'us-west-2' };
  const location = (LocationConstraint: string) => ({ CreateBucketConfiguration: { LocationConstraint } });

  test.each<[string, object, Where, string | undefined]>([
    ['us-east-1 without constraint', {}, {}, undefined],
    ['another region from us-east-1', location('eu-central-1'), {}, 'eu-central-1'],
    ['EU, which is eu-west-1', location('EU'), {}, 'EU'],
    ['EU from its region', location('EU'), { region: 'eu-west-1' }, 'EU'],
    ['its own region', location('us-west-2'), west, 'us-west-2'],
  ])('%s', async (_, more, where, expected) => {
    const { call } = s3Engine();
    await call('CreateBucket', { Bucket: 'shop', ...more }, where);
    expect(await call('GetBucketLocation', { Bucket: 'shop' })).toEqual(
      expected === undefined ? {} : { LocationConstraint: expected },
    );
    expect(await call('HeadBucket', { Bucket: 'shop' })).toMatchObject({
      BucketRegion: expected === 'EU' ? 'eu-west-1' : (expected ?? 'us-east-1'),
    });
  });

  const illegal = (constraint: string) =>
    `IllegalLocationConstraintException 400: The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`;

  test.each<[object, Where, string]>([
    [{}, west, illegal('unspecified')],
    [location('eu-west-1'), west, illegal('eu-west-1')],
    [location('us-east-1'), west, illegal('us-east-1')],
    [location('EU'), west, illegal('EU')],
    [location('us-east-1'), {}, 'InvalidLocationConstraint 400: The specified location-constraint is not valid'],
    [location('moon'), {}, 'InvalidLocationConstraint 400: The specified location-constraint is not valid'],
    [
      { ACL: 'public-read' },
      {},
      "InvalidBucketAclWithObjectOwnership 400: Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ],
    [
      { ACL: 'public-read', ObjectOwnership: 'ObjectWriter' },
      {},
      'NotImplemented 501: A header you provided implies functionality that is not implemented',
    ],
    [{ ObjectOwnership: 'Mine' }, {}, 'InvalidArgument 400: Invalid x-amz-object-ownership header: Mine'],
    [
      { ObjectLockEnabledForBucket: true },
      {},
      'NotImplemented 501: A header you provided implies functionality that is not implemented',
    ],
  ])('refuses %j in %j', async (more, where, expected) => {
    expect(await s3Engine().refusal('CreateBucket', { Bucket: 'shop', ...more }, where)).toBe(expected);
  });

  it('answers the owner again in us-east-1 only, and nobody else', async () => {
    const { call, refusal, put } = await s3WithBucket();
    await put('kept');
    await call('CreateBucket', { Bucket: 'shop' });
    expect((await call('ListObjectsV2', { Bucket: 'shop' })).KeyCount).toBe(1);
    expect(await refusal('CreateBucket', { Bucket: 'shop' }, { account: '111111111111' })).toMatch(
      /^BucketAlreadyExists 409: The requested bucket name is not available/,
    );
    await call('CreateBucket', { Bucket: 'other', ...location('eu-west-1') });
    expect(await refusal('CreateBucket', { Bucket: 'other', ...location('eu-west-1') })).toBe(
      'BucketAlreadyOwnedByYou 409: Your previous request to create the named bucket succeeded and you already own it.',
    );
  });

  it('takes tags', async () => {
    const { call } = s3Engine();
    const TagSet = [{ Key: '__proto__', Value: 'x' }];
    await call('CreateBucket', { Bucket: 'shop', CreateBucketConfiguration: { Tags: TagSet } });
    expect(await call('GetBucketTagging', { Bucket: 'shop' })).toEqual({ TagSet });
  });
});

describe('a bucket belongs to its account', () => {
  const stranger = { account: '111111111111' };
  test.each(['HeadBucket', 'ListObjectsV2', 'DeleteBucket', 'GetBucketLocation', 'GetBucketPolicy'])(
    '%s',
    async (operation) => {
      const { refusal } = await s3WithBucket();
      expect(await refusal(operation, { Bucket: 'shop' }, stranger)).toBe('AccessDenied 403: Access Denied');
      expect(await refusal(operation, { Bucket: 'none' }, stranger)).toBe(
        'NoSuchBucket 404: The specified bucket does not exist',
      );
      expect(await refusal(operation, { Bucket: 'shop', ExpectedBucketOwner: '111111111111' })).toBe(
        'AccessDenied 403: Access Denied',
      );
    },
  );

  it('is reached from every region, since one endpoint serves them', async () => {
    const { call } = await s3WithBucket();
    expect(await call('HeadBucket', { Bucket: 'shop' }, { region: 'eu-west-1' })).toMatchObject({
      BucketRegion: 'us-east-1',
    });
  });
});

it('DeleteBucket needs an empty bucket', async () => {
  const { call, refusal, put } = await s3WithBucket();
  await put('a');
  expect(await refusal('DeleteBucket', { Bucket: 'shop' })).toBe(
    'BucketNotEmpty 409: The bucket you tried to delete is not empty',
  );
  await call('DeleteObject', { Bucket: 'shop', Key: 'a' });
  await call('DeleteBucket', { Bucket: 'shop' });
  expect(await refusal('HeadBucket', { Bucket: 'shop' })).toMatch(/^NoSuchBucket 404/);
});

describe('ListBuckets', () => {
  it('has the own buckets by name, in pages when asked to', async () => {
    const { call, refusal } = s3Engine();
    for (const Bucket of ['ccc', 'aaa', 'bbb', 'abc']) await call('CreateBucket', { Bucket });
    await call('CreateBucket', { Bucket: 'theirs' }, { account: '111111111111' });
    const all = await call('ListBuckets');
    expect(all.Buckets.map(({ Name }: { Name: string }) => Name)).toEqual(['aaa', 'abc', 'bbb', 'ccc']);
    expect(all.Buckets[0]).toEqual({ Name: 'aaa', CreationDate: Date.UTC(2026, 0, 1) / 1000 });
    expect(all.Owner.ID).toMatch(/^[0-9a-f]{64}$/);
    const first = await call('ListBuckets', { MaxBuckets: 1, Prefix: 'a' });
    expect(first.Buckets).toMatchObject([{ Name: 'aaa', BucketRegion: 'us-east-1' }]);
    const second = await call('ListBuckets', {
      MaxBuckets: 1,
      Prefix: 'a',
      ContinuationToken: first.ContinuationToken,
    });
    expect(second).toMatchObject({ Buckets: [{ Name: 'abc' }], Prefix: 'a' });
    expect(second.ContinuationToken).toBeUndefined();
    expect(await refusal('ListBuckets', { ContinuationToken: 'aaa' })).toMatch(/^InvalidArgument 400/);
    expect(await refusal('ListBuckets', { MaxBuckets: 0 })).toMatch(/^InvalidArgument 400/);
  });
});
