import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { insertKey, keysFrom, type OrderedKeys, removeKey } from '../../../src/emulator/s3/listing/ordered-keys.ts';
import { type Answer, s3WithBucket } from './engine.ts';

const Bucket = 'shop';

async function withKeys(keys: readonly string[]) {
  const context = await s3WithBucket();
  for (const key of keys) await context.put(key, key);
  return context;
}

const names = (output: Answer) => [
  ...output.Contents.map(({ Key }: { Key: string }) => Key),
  ...output.CommonPrefixes.map(({ Prefix }: { Prefix: string }) => Prefix),
];

// S3 API Reference, ListObjectsV2: keys in UTF-8 binary order.
describe('order', () => {
  it('is that of the UTF-8 bytes', async () => {
    // In UTF-16 the emoji (a surrogate pair) would come before the private use character.
    const { call } = await withKeys(['\u{1f600}', '\ue000', 'z', 'a', 'Z', 'é', 'ab', 'a/b', 'a-b']);
    const output = await call('ListObjectsV2', { Bucket });
    expect(names(output)).toEqual(['Z', 'a', 'a-b', 'a/b', 'ab', 'z', 'é', '\ue000', '\u{1f600}']);
  });

  it('holds for any inserts and removals', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2000), fc.boolean()), { maxLength: 3000 }), (steps) => {
        const keys: OrderedKeys = [];
        const model = new Set<string>();
        for (const [number, add] of steps) {
          const key = String(number);
          if (add) {
            insertKey(keys, key);
            model.add(key);
          } else {
            removeKey(keys, key);
            model.delete(key);
          }
        }
        const sorted = [...model].sort();
        expect([...keysFrom(keys, '', true)]).toEqual(sorted);
        expect([...keysFrom(keys, '5', true)]).toEqual(sorted.filter((key) => key >= '5'));
        expect([...keysFrom(keys, '5', false)]).toEqual(sorted.filter((key) => key > '5'));
        expect(keys.every((chunk) => chunk.length > 0 && chunk.length <= 512)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps chunks short with thousands of keys, rising, falling or mixed', () => {
    for (const order of [(i: number) => i, (i: number) => 5000 - i, (i: number) => (i * 2741) % 5001]) {
      const keys: OrderedKeys = [];
      for (let i = 0; i < 5000; i++) insertKey(keys, String(order(i)).padStart(5, '0'));
      expect(keys.length).toBeLessThan(25);
      expect([...keysFrom(keys, '02500', true)].length).toBeGreaterThan(2400);
    }
  });
});

// S3 API Reference, ListObjectsV2.
describe('ListObjectsV2', () => {
  const KEYS = ['a', 'photos/2025/x', 'photos/2026/y', 'photos/z', 'photos0', 'videos/v'];

  test.each<[object, string[]]>([
    [{}, KEYS],
    [{ Prefix: 'photos/' }, ['photos/2025/x', 'photos/2026/y', 'photos/z']],
    [{ Prefix: 'none' }, []],
    [{ Delimiter: '/' }, ['a', 'photos0', 'photos/', 'videos/']],
    [{ Delimiter: '/', Prefix: 'photos/' }, ['photos/z', 'photos/2025/', 'photos/2026/']],
    [{ Delimiter: '/', Prefix: 'photos' }, ['photos0', 'photos/']],
    [{ Delimiter: '/20' }, ['a', 'photos/z', 'photos0', 'videos/v', 'photos/20']],
    [{ Delimiter: '' }, KEYS],
    [{ StartAfter: 'photos/2025/x' }, KEYS.slice(2)],
    [{ StartAfter: 'photos/2025' }, KEYS.slice(1)],
    [{ StartAfter: 'z' }, []],
    [{ StartAfter: 'a', Prefix: 'videos' }, ['videos/v']],
    // Keys after photos/2026/y are left in the group, so it is listed.
    [{ StartAfter: 'photos/2026/y', Delimiter: '/' }, ['photos0', 'photos/', 'videos/']],
    [{ MaxKeys: 0 }, []],
  ])('%j', async (input, expected) => {
    const { call } = await withKeys(KEYS);
    const output = await call('ListObjectsV2', { Bucket, ...input });
    expect(names(output)).toEqual(expected);
    expect(output).toMatchObject({ KeyCount: expected.length, IsTruncated: false, Name: Bucket });
    expect(output.NextContinuationToken).toBeUndefined();
  });

  it('describes each object, with its owner when asked', async () => {
    const { call } = await withKeys(['a']);
    expect((await call('ListObjectsV2', { Bucket })).Contents).toEqual([
      {
        Key: 'a',
        LastModified: Date.UTC(2026, 0, 1) / 1000,
        ETag: '"0cc175b9c0f1b6a831c399e269772661"',
        Size: 1,
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: ['CRC64NVME'],
        ChecksumType: 'FULL_OBJECT',
      },
    ]);
    const { Contents } = await call('ListObjectsV2', { Bucket, FetchOwner: true });
    expect(Contents[0].Owner.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it('pages through all, each entry once, whatever is asked', async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1f600}'), minLength: 1, maxLength: 6 });
    const delimiter = fc.constantFrom(undefined, '/', 'a', 'b/', 'é');
    const prefix = fc.constantFrom(undefined, 'a', 'a/', 'b', '\u{1f600}');
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { maxLength: 30 }),
        delimiter,
        prefix,
        fc.integer({ min: 1, max: 5 }),
        async (keys, Delimiter, Prefix, MaxKeys) => {
          const { call } = await withKeys(keys);
          const input = { Bucket, Delimiter, Prefix };
          const all = names(await call('ListObjectsV2', input));
          const pages: string[] = [];
          let token: string | undefined;
          do {
            const page: Answer = await call('ListObjectsV2', { ...input, MaxKeys, ContinuationToken: token });
            expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
            pages.push(...names(page));
            token = page.NextContinuationToken;
          } while (token !== undefined);
          expect(pages.sort()).toEqual([...all].sort());
          expect(all.sort()).toEqual(expected(keys, Delimiter ?? '', Prefix ?? '').sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lists 1000 at most', async () => {
    const { call } = await withKeys(Array.from({ length: 1001 }, (_, index) => `k${index}`));
    const output = await call('ListObjectsV2', { Bucket, MaxKeys: 5000 });
    expect(output).toMatchObject({ KeyCount: 1000, MaxKeys: 1000, IsTruncated: true });
  });

  test.each<[object, RegExp]>([
    [{ ContinuationToken: 'a' }, /^InvalidArgument 400: The continuation token provided is incorrect/],
    [{ ContinuationToken: '' }, /^InvalidArgument 400: The continuation token provided is incorrect/],
    [{ MaxKeys: -1 }, /^InvalidArgument 400: Argument maxKeys must be an integer between 0 and 2147483647/],
    [{ EncodingType: 'base64' }, /^InvalidArgument 400: Invalid Encoding Method/],
  ])('refuses %j', async (input, message) => {
    const { refusal } = await withKeys([]);
    expect(await refusal('ListObjectsV2', { Bucket, ...input })).toMatch(message);
    if (!('ContinuationToken' in input)) expect(await refusal('ListObjects', { Bucket, ...input })).toMatch(message);
  });

  it('encodes what XML cannot carry (EncodingType)', async () => {
    const { call } = await withKeys(['a b+c/(1)é\u0001', 'x y/z']);
    const input = { Bucket, EncodingType: 'url', Delimiter: '/', Prefix: '' };
    const flat = await call('ListObjectsV2', { ...input, Delimiter: undefined, StartAfter: ' ' });
    expect(names(flat)).toEqual(['a+b%2Bc/%281%29%C3%A9%01', 'x+y/z']);
    expect(flat).toMatchObject({ EncodingType: 'url', StartAfter: '+' });
    const grouped = await call('ListObjectsV2', input);
    expect(grouped).toMatchObject({ Delimiter: '/', CommonPrefixes: [{ Prefix: 'a+b%2Bc/' }, { Prefix: 'x+y/' }] });
  });
});

/** The listing as its documentation describes it, without any index. */
function expected(keys: readonly string[], delimiter: string, prefix: string): string[] {
  const found = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    found.add(at < 0 ? key : key.slice(0, at + delimiter.length));
  }
  return [...found];
}

// S3 API Reference, ListObjects.
describe('ListObjects', () => {
  it('goes on from a key, or over a common prefix', async () => {
    const { call } = await withKeys(['a', 'b/1', 'b/2', 'c']);
    const first = await call('ListObjects', { Bucket, Delimiter: '/', MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/', Marker: '' });
    expect(names(first)).toEqual(['a', 'b/']);
    const second = await call('ListObjects', { Bucket, Delimiter: '/', Marker: 'b/' });
    expect(names(second)).toEqual(['c']);
    expect(second).toMatchObject({ IsTruncated: false, Marker: 'b/' });
    const flat = await call('ListObjects', { Bucket, MaxKeys: 1, Marker: 'b/1' });
    expect(names(flat)).toEqual(['b/2']);
    expect(flat.NextMarker).toBeUndefined();
    expect(flat.Contents[0].Owner.ID).toMatch(/^[0-9a-f]{64}$/);
  });
});
