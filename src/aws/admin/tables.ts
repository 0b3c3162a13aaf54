import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { CliffracerError } from '../../errors.ts';
import type { ResourceAdmin } from '../../topology/admin.ts';
import { FOREIGN_REMEDY } from '../../topology/ownership-guard.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import type { AwsCalls, Call } from '../call.ts';
import { awsCodeOf } from '../errors.ts';
import { eventually, retryOn } from '../retry.ts';
import { ifPresent } from './absent.ts';
import {
  billingOf,
  indexDefinitions,
  indexOf,
  type Keys,
  keyAttributes,
  keySchema,
  keysOf,
  updateIndexes,
} from './table-indexes.ts';
import { ownTags, tagList, tagMap } from './tags.ts';
import { expireBy, expiryOf } from './time-to-live.ts';

const ACTIVE_WITHIN_MS = 300_000;
// Too many tables of the account are being made or changed at this moment.
const PASSING = /^LimitExceededException$/;

export async function createTableAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const describe = async (name: string): Promise<TableDescription | undefined> =>
    (await ifPresent(call('dynamodb', 'DescribeTable', { TableName: name })))?.Table;
  const untilActive = (name: string) =>
    eventually(`table ${name} becoming active`, ACTIVE_WITHIN_MS, calls.pauses, async () => {
      const table = await describe(name);
      return table !== undefined && statusOf(table) === 'ACTIVE' ? table : undefined;
    });
  const untilGone = (name: string) =>
    eventually(`table ${name} going`, ACTIVE_WITHIN_MS, calls.pauses, async () => {
      return (await describe(name)) === undefined ? true : undefined;
    });

  const create = async (resource: Resource) => {
    const { name } = resource;
    try {
      const { TableDescription: made } = await retryOn(`making table ${name}`, PASSING, calls.pauses, () =>
        call('dynamodb', 'CreateTable', definitionOf(resource)),
      );
      // Engines have it at once, AWS in some seconds.
      if (made?.TableStatus === 'ACTIVE' && statusOf(made) === 'ACTIVE') return expireBy(call, resource);
    } catch (error) {
      // Somebody made it meanwhile, or it is on its way: right when its key is.
      if (awsCodeOf(error) !== 'ResourceInUseException') throw error;
    }
    checkKey(resource, await untilActive(name));
    await expireBy(call, resource);
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(
        wanted.map(async (resource) => {
          const table = await describe(resource.name);
          return table && (await observed(call, table, resource, stack));
        }),
      );
      return found.filter((each) => each !== undefined);
    },
    create,
    async update(resource, changes) {
      const { name, attributes } = resource;
      const changed = new Set(changes.map(({ attribute }) => attribute));
      if (changes.some(({ attribute, from }) => attribute === 'status' && from === 'DELETING')) {
        await untilGone(name);
        return create(resource);
      }
      const table = await untilActive(name);
      checkKey(resource, table);
      if (changed.has('tags')) {
        await call('dynamodb', 'TagResource', { ResourceArn: table.TableArn, Tags: tagList(attributes.tags) });
      }
      if (changed.has('local_indexes')) throw fixed(resource);
      if (changed.has('billing') || changed.has('throughput') || changed.has('indexes')) {
        await updateIndexes(call, resource, table, changed, () => untilActive(name));
      }
      if (changed.has('ttl')) await expireBy(call, resource);
    },
    async remove({ name }) {
      await eventually(`deleting table ${name}`, ACTIVE_WITHIN_MS, calls.pauses, async () => {
        try {
          await ifPresent(call('dynamodb', 'DeleteTable', { TableName: name }));
          return true;
        } catch (error) {
          // Still being made or changed.
          if (!/^(ResourceInUse|LimitExceeded)Exception$/.test(awsCodeOf(error) ?? '')) throw error;
          return undefined;
        }
      });
      await untilGone(name);
    },
  };
}

function definitionOf({ name, attributes }: Resource) {
  const GlobalSecondaryIndexes = indexDefinitions(attributes.indexes, attributes.throughput);
  const LocalSecondaryIndexes = indexDefinitions(attributes.local_indexes ?? {});
  return {
    TableName: name,
    KeySchema: keySchema(attributes.key as Keys),
    AttributeDefinitions: keyAttributes(attributes),
    ...billingOf(attributes),
    ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes.length > 0 && { LocalSecondaryIndexes }),
    Tags: tagList(attributes.tags),
  };
}

/** One word for the table and its indexes. */
function statusOf({ TableStatus = 'ACTIVE', GlobalSecondaryIndexes = [] }: TableDescription): string {
  const busy = GlobalSecondaryIndexes.find(({ IndexStatus }) => IndexStatus !== undefined && IndexStatus !== 'ACTIVE');
  return TableStatus === 'ACTIVE' && busy !== undefined ? 'UPDATING' : TableStatus;
}

async function observed(call: Call, table: TableDescription, wanted: Resource, stack: string): Promise<Observed> {
  const listed = await ifPresent(call('dynamodb', 'ListTagsOfResource', { ResourceArn: table.TableArn }));
  const { tags, ours } = ownTags(tagMap(listed?.Tags), stack, wanted.attributes.tags);
  const { AttributeDefinitions, ProvisionedThroughput: units } = table;
  const ofNames = (listed: readonly { IndexName?: string | undefined }[] = [], names: Value = {}): Attributes => {
    const named = listed.filter(({ IndexName }) => Object.hasOwn(names as object, IndexName!));
    return Object.fromEntries(named.map((each) => [each.IndexName!, indexOf(each, AttributeDefinitions)]));
  };
  const { local_indexes, ttl } = wanted.attributes;
  const billing = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
  const expiry = ttl === undefined ? undefined : await expiryOf(call, wanted.name);
  const attributes = {
    key: keyOf(table),
    indexes: ofNames(table.GlobalSecondaryIndexes, wanted.attributes.indexes),
    ...(local_indexes !== undefined && { local_indexes: ofNames(table.LocalSecondaryIndexes, local_indexes) }),
    billing,
    ...(billing === 'PROVISIONED' && {
      throughput: { read: units!.ReadCapacityUnits!, write: units!.WriteCapacityUnits! },
    }),
    ...(expiry !== undefined && { ttl: expiry }),
    status: statusOf(table),
    tags,
  };
  return { kind: 'table', name: wanted.name, attributes, ours };
}

function checkKey({ name, attributes }: Resource, table: TableDescription): void {
  const [wanted, found] = [(attributes.key as Keys).join(', '), keyOf(table).join(', ')];
  if (wanted === found) return;
  throw new CliffracerError('refused', `table ${name} has the key ${found}, not ${wanted}: it is another program's`, {
    hint: FOREIGN_REMEDY,
  });
}

const keyOf = ({ KeySchema, AttributeDefinitions }: TableDescription): Keys => keysOf(KeySchema, AttributeDefinitions);

const fixed = ({ name }: Resource) =>
  new CliffracerError(
    'refused',
    `table ${name} has other local secondary indexes, which are settled when a table is made`,
    {
      hint: 'delete the table first',
    },
  );
