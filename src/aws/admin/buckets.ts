import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { CliffracerError } from '../../errors.ts';
import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Attributes, Observed, Resource } from '../../topology/resources.ts';
import { createBucket } from '../bucket.ts';
import type { AwsCalls, Call } from '../call.ts';
import { awsCodeOf, awsErrorOf } from '../errors.ts';
import { eventually, retryOn } from '../retry.ts';
import { unlessUnknown } from '../unknown-operation.ts';
import { ifPresent } from './absent.ts';
import { readNotifications, writeNotifications } from './bucket-notifications.ts';
import { bucketProtections } from './bucket-protections.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

const USABLE_WITHIN_MS = 30_000;
const KEYS_AT_ONCE = 1_000;
// Another call changes the same bucket, or its name is being given back; or its making is not known everywhere yet.
const PASSING = /^(OperationAborted|NoSuchBucket)$/;
// A key that was deleted a moment ago may still count.
const DELETING = /^(OperationAborted|BucketNotEmpty)$/;

export async function createBucketAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const { region, kind } = calls.target;
  const protections = bucketProtections(call, (answer) => unlessUnknown(answer, kind));

  const set = async (Bucket: string, { tags, notifications, ...rest }: Attributes) => {
    const patiently = <T>(call: () => Promise<T>) =>
      retryOn(`setting up bucket ${Bucket}`, PASSING, calls.pauses, call);
    await patiently(() => protections.write(Bucket, rest));
    if (notifications !== undefined) await patiently(() => writeNotifications(call, Bucket, notifications));
    if (tags === undefined) return;
    await patiently(async () => {
      // PutBucketTagging replaces all tags, so what others have set is sent again.
      const all = { ...(await readTags(call, Bucket)), ...(tags as Record<string, string>) };
      await call('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet: tagList(all) } });
    });
  };
  const observeBucket = async ({ name, attributes: wanted }: Resource): Promise<Observed> => {
    await head(call, name);
    const [all, protectedBy] = await Promise.all([readTags(call, name), protections.read(name)]);
    const { tags, ours } = ownTags(all, stack, wanted.tags);
    const notifications = wanted.notifications === undefined ? undefined : await readNotifications(call, name);
    const attributes = { ...protectedBy, tags, ...(notifications !== undefined && { notifications }) };
    return { kind: 'bucket', name, attributes, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map((each) => ifPresent(observeBucket(each))));
      return found.filter((each) => each !== undefined);
    },
    async create({ name, attributes }) {
      await makeBucket(calls, name, region);
      const what = `bucket ${name} becoming usable`;
      await eventually(what, USABLE_WITHIN_MS, calls.pauses, () => ifPresent(head(call, name)));
      await set(name, attributes);
    },
    async update({ name }, changes) {
      await set(name, Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to])));
    },
    async remove({ name }) {
      await ifPresent(emptyBucket(calls, name));
      const what = `deleting bucket ${name}`;
      await retryOn(what, DELETING, calls.pauses, () => ifPresent(call('s3', 'DeleteBucket', { Bucket: name })));
    },
  };
}

async function head(call: Call, Bucket: string): Promise<true> {
  try {
    await call('s3', 'HeadBucket', { Bucket });
    return true;
  } catch (error) {
    // The answer to HEAD has no body, so there is no other code than the status.
    if (awsErrorOf(error)?.$metadata?.httpStatusCode !== 403) throw error;
    throw new CliffracerError('conflict', `bucket ${Bucket} belongs to somebody else, or may not be looked at`, {
      hint: 'use another stack: --stack NAME',
      cause: awsErrorOf(error),
    });
  }
}

async function makeBucket({ call, pauses }: AwsCalls, Bucket: string, region: string): Promise<void> {
  // S3 API Reference, CreateBucket: us-east-1 is not a valid location constraint.
  const location =
    region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await retryOn(`making bucket ${Bucket}`, PASSING, pauses, () =>
      call('s3', 'CreateBucket', { Bucket, ...location }),
    );
  } catch (error) {
    if (awsCodeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
  }
}

async function readTags(call: Call, Bucket: string): Promise<Record<string, string>> {
  try {
    return tagMap((await call('s3', 'GetBucketTagging', { Bucket })).TagSet);
  } catch (error) {
    if (awsCodeOf(error) === 'NoSuchTagSet') return {};
    throw error;
  }
}

async function emptyBucket(calls: AwsCalls, name: string): Promise<void> {
  const bucket = await createBucket(calls, { bucket: name });
  let keys: string[] = [];
  for await (const { key } of bucket.list('')) {
    if (keys.push(key) < KEYS_AT_ONCE) continue;
    await bucket.deleteMany(keys);
    keys = [];
  }
  await bucket.deleteMany(keys);
}
