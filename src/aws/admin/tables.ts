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
import type { ResourceAdmin } from '../../shop/stack/admin.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Observed, Resource } from '../../shop/stack/resources.ts';
import { FOREIGN_REMEDY } from '../../shop/stack/strangers.ts';
import type { Clients } from '../clients.ts';
import { awsCodeOf } from '../errors.ts';
import { eventually, insist } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { indexDefinitions, type Keys, keyAttributes, keySchema, keysOf, updateIndexes } from './table-indexes.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

const ACTIVE_WITHIN_MS = 300_000;
// Too many tables of the account are being made or changed at this moment.
const PASSING = /^LimitExceededException$/;

export async function createTableAdmin(clients: Clients, names: StackNames): Promise<ResourceAdmin> {
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
      const { TableDescription: made } = await insist(`making table ${name}`, PASSING, clients.pauses, () =>
        db.send(createCommand(resource)),
      );
      // Engines have it at once, AWS in some seconds.
      if (made?.TableStatus === 'ACTIVE' && statusOf(made) === 'ACTIVE') return;
    } catch (error) {
      // Somebody made it meanwhile, or it is on its way: right when its key is.
      if (awsCodeOf(error) !== 'ResourceInUseException') throw error;
    }
    checkKey(resource, await untilActive(name));
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(
        wanted.map(async (resource) => {
          const table = await describe(resource.name);
          return table && (await observed(db, table, resource, names.stack));
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
      if (changed.has('billing') || changed.has('indexes')) {
        await updateIndexes(db, resource, table, changed, () => untilActive(name));
      }
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
  const keys = attributes.key as Keys;
  const indexes = attributes.indexes as Record<string, Keys>;
  const GlobalSecondaryIndexes = indexDefinitions(indexes);
  return new CreateTableCommand({
    TableName: name,
    KeySchema: keySchema(keys),
    AttributeDefinitions: keyAttributes([keys, ...Object.values(indexes)]),
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
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
  const { tags, ours } = ownTags(tagMap(listed?.Tags), stack);
  const wantedIndexes = Object.keys(wanted.attributes.indexes as object);
  const indexes = (table.GlobalSecondaryIndexes ?? []).filter((each) => wantedIndexes.includes(each.IndexName!));
  const attributes = {
    key: keyOf(table),
    indexes: Object.fromEntries(indexes.map((each) => [each.IndexName!, keysOf(each.KeySchema)])),
    billing: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
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

/** Names, with the type of those that are no strings, as ours all are. */
function keyOf({ KeySchema, AttributeDefinitions = [] }: TableDescription): Keys {
  return keysOf(KeySchema).map((name) => {
    const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? 'S';
    return type === 'S' ? name : `${name} (${type})`;
  });
}
