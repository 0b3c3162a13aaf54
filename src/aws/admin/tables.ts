import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  type TableDescription,
  TagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { CliffracerError } from '../../errors.ts';
import type { ResourceAdmin } from '../../topology/admin.ts';
import { FOREIGN_REMEDY } from '../../topology/ownership-guard.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import type { Clients } from '../clients.ts';
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

export async function createTableAdmin(clients: Clients, stack: string): Promise<ResourceAdmin> {
  const db = await clients.dynamodb();
  const describe = async (name: string): Promise<TableDescription | undefined> =>
    (await ifPresent(db.send(new DescribeTableCommand({ TableName: name }))))?.Table;
  const untilActive = (name: string) =>
    eventually(`table ${name} becoming active`, ACTIVE_WITHIN_MS, clients.pauses, async () => {
      const table = await describe(name);
      return table !== undefined && statusOf(table) === 'ACTIVE' ? table : undefined;
    });
  const untilGone = (name: string) =>
    eventually(`table ${name} going`, ACTIVE_WITHIN_MS, clients.pauses, async () => {
      return (await describe(name)) === undefined ? true : undefined;
    });

  const create = async (resource: Resource) => {
    const { name } = resource;
    try {
      const { TableDescription: made } = await retryOn(`making table ${name}`, PASSING, clients.pauses, () =>
        db.send(createCommand(resource)),
      );
      // Engines have it at once, AWS in some seconds.
      if (made?.TableStatus === 'ACTIVE' && statusOf(made) === 'ACTIVE') return expireBy(db, resource);
    } catch (error) {
      // Somebody made it meanwhile, or it is on its way: right when its key is.
      if (awsCodeOf(error) !== 'ResourceInUseException') throw error;
    }
    checkKey(resource, await untilActive(name));
    await expireBy(db, resource);
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(
        wanted.map(async (resource) => {
          const table = await describe(resource.name);
          return table && (await observed(db, table, resource, stack));
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
        await db.send(new TagResourceCommand({ ResourceArn: table.TableArn, Tags: tagList(attributes.tags) }));
      }
      if (changed.has('local_indexes')) throw fixed(resource);
      if (changed.has('billing') || changed.has('throughput') || changed.has('indexes')) {
        await updateIndexes(db, resource, table, changed, () => untilActive(name));
      }
      if (changed.has('ttl')) await expireBy(db, resource);
    },
    async remove({ name }) {
      await eventually(`deleting table ${name}`, ACTIVE_WITHIN_MS, clients.pauses, async () => {
        try {
          await ifPresent(db.send(new DeleteTableCommand({ TableName: name })));
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

function createCommand({ name, attributes }: Resource): CreateTableCommand {
  const GlobalSecondaryIndexes = indexDefinitions(attributes.indexes, attributes.throughput);
  const LocalSecondaryIndexes = indexDefinitions(attributes.local_indexes ?? {});
  return new CreateTableCommand({
    TableName: name,
    KeySchema: keySchema(attributes.key as Keys),
    AttributeDefinitions: keyAttributes(attributes),
    ...billingOf(attributes),
    ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes.length > 0 && { LocalSecondaryIndexes }),
    Tags: tagList(attributes.tags),
  });
}

/** One word for the table and its indexes. */
function statusOf({ TableStatus = 'ACTIVE', GlobalSecondaryIndexes = [] }: TableDescription): string {
  const busy = GlobalSecondaryIndexes.find(({ IndexStatus }) => IndexStatus !== undefined && IndexStatus !== 'ACTIVE');
  return TableStatus === 'ACTIVE' && busy !== undefined ? 'UPDATING' : TableStatus;
}

async function observed(
  db: DynamoDBClient,
  table: TableDescription,
  wanted: Resource,
  stack: string,
): Promise<Observed> {
  const listed = await ifPresent(db.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn })));
  const { tags, ours } = ownTags(tagMap(listed?.Tags), stack, wanted.attributes.tags);
  const { AttributeDefinitions, ProvisionedThroughput: units } = table;
  const ofNames = (listed: readonly { IndexName?: string | undefined }[] = [], names: Value = {}): Attributes => {
    const named = listed.filter(({ IndexName }) => Object.hasOwn(names as object, IndexName!));
    return Object.fromEntries(named.map((each) => [each.IndexName!, indexOf(each, AttributeDefinitions)]));
  };
  const { local_indexes, ttl } = wanted.attributes;
  const billing = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
  const expiry = ttl === undefined ? undefined : await expiryOf(db, wanted.name);
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
