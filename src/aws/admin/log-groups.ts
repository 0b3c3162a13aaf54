import type { StackNames } from '../../shop/stack/names.ts';
import type { ResourceAdmin } from '../../topology/admin.ts';
import { logGroupArn } from '../../topology/arns.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import { eachAtOnce } from '../batches.ts';
import type { AwsCalls, Call } from '../call.ts';
import { awsCodeOf } from '../errors.ts';
import { retryOn } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { ownTags } from './tags.ts';

// CloudWatch Logs quotas: 50 stream changes a second.
const AT_ONCE = 5;
// Another call changes the same group; or its making is not known everywhere yet.
const PASSING = /^(OperationAborted|ResourceNotFound)Exception$/;

export async function createLogGroupAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const identity = await calls.identity();

  const set = async (logGroupName: string, { retention_days, streams, tags }: Attributes) => {
    const patiently = <T>(call: () => Promise<T>) =>
      retryOn(`setting up log group ${logGroupName}`, PASSING, calls.pauses, call);
    if (retention_days !== undefined) {
      const retentionInDays = retention_days as number;
      await patiently(() => call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays }));
    }
    if (tags !== undefined) {
      const resourceArn = logGroupArn(identity, logGroupName);
      const own = tags as Record<string, string>;
      await patiently(() => call('logs', 'TagResource', { resourceArn, tags: own }));
    }
    if (streams !== undefined) {
      await patiently(() => createStreams(call, logGroupName, streams as readonly string[]));
    }
  };
  const observeGroup = async ({ name, attributes: wanted }: Resource): Promise<Observed | undefined> => {
    const groups = await call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
    const group = groups.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined) return undefined;
    const [{ tags: all }, streams] = await Promise.all([
      call('logs', 'ListTagsForResource', { resourceArn: logGroupArn(identity, name) }),
      listStreams(call, name),
    ]);
    const { tags, ours } = ownTags(all, stack, wanted.tags);
    const attributes: Record<string, Value> = {
      streams: streams.filter((each) => ((wanted.streams ?? []) as readonly string[]).includes(each)).sort(),
      tags,
    };
    if (group.retentionInDays !== undefined) attributes.retention_days = group.retentionInDays;
    return { kind: 'log_group', name, attributes, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map((each) => ifPresent(observeGroup(each))));
      return found.filter((each) => each !== undefined);
    },
    async create({ name, attributes }) {
      const tags = attributes.tags as Record<string, string>;
      const { created } = await unlessThere(call('logs', 'CreateLogGroup', { logGroupName: name, tags }));
      const { tags: _, ...rest } = attributes;
      await set(name, created ? rest : attributes);
    },
    async update({ name }, changes) {
      await set(name, Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to])));
    },
    async remove({ name }) {
      await ifPresent(call('logs', 'DeleteLogGroup', { logGroupName: name }));
    },
  };
}

/** Deletes every stream of the group and makes the named ones anew; resolves with how many there were. */
export async function clearLogStreams(calls: AwsCalls, names: StackNames, streams: readonly string[]): Promise<number> {
  const { call } = calls;
  const logGroupName = names.logGroup;
  const existing = await listStreams(call, logGroupName);
  await eachAtOnce(existing, AT_ONCE, async (logStreamName) => {
    await ifPresent(call('logs', 'DeleteLogStream', { logGroupName, logStreamName }));
  });
  await createStreams(call, logGroupName, streams);
  return existing.length;
}

async function createStreams(call: Call, logGroupName: string, streams: readonly string[]) {
  await eachAtOnce(streams, AT_ONCE, async (logStreamName) => {
    await unlessThere(call('logs', 'CreateLogStream', { logGroupName, logStreamName }));
  });
}

async function listStreams(call: Call, logGroupName: string): Promise<string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await call('logs', 'DescribeLogStreams', { logGroupName, nextToken: token });
    names.push(...(page.logStreams ?? []).map(({ logStreamName }) => logStreamName ?? ''));
    token = page.nextToken;
  } while (token);
  return names;
}

async function unlessThere(create: Promise<unknown>): Promise<{ created: boolean }> {
  try {
    await create;
    return { created: true };
  } catch (error) {
    if (awsCodeOf(error) === 'ResourceAlreadyExistsException') return { created: false };
    throw error;
  }
}
