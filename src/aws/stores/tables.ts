import {
  type AttributeValue,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { CliffracerError } from '../../errors.ts';
import type { Condition, ItemQuery, KeyPart, TableInfo, Tables } from '../../lab/stores/port.ts';
import type { Clients } from '../clients.ts';
import { awsCodeOf } from '../errors.ts';
import { Expressions } from '../expressions.ts';
import { fromWire, toWire } from './items.ts';

/** Tables that are asked about; each takes a call. */
const MOST_TABLES = 500;

/** DynamoDB by the tables' own names. */
export function createTableStore(clients: Clients): Tables {
  return {
    list: async () => listTables(await clients.dynamodb()),
    async items({ table, index, key, filter = [], after, newestFirst, limit }: ItemQuery) {
      const expressions = new Expressions();
      const keyText = key && allOf(expressions, key);
      const filterText = allOf(expressions, filter);
      const common = {
        TableName: table,
        Limit: limit,
        ...(index !== undefined && { IndexName: index }),
        ...(filterText !== '' && { FilterExpression: filterText }),
        ...expressions.placeholders,
        ...(after !== undefined && { ExclusiveStartKey: toWire(after) }),
      };
      const db = await clients.dynamodb();
      const page =
        keyText === undefined
          ? await db.send(new ScanCommand(common))
          : await db.send(
              new QueryCommand({ ...common, KeyConditionExpression: keyText, ScanIndexForward: !newestFirst }),
            );
      const { Items = [], ScannedCount = Items.length, LastEvaluatedKey: last } = page;
      return { items: Items.map(fromWire), scanned: ScannedCount, after: last === undefined ? null : fromWire(last) };
    },
    async put(table, item, was) {
      const db = await clients.dynamodb();
      const keys = await keyNames(db, table);
      const expected = was === null ? { [keys[0]!]: undefined } : toWire(was);
      try {
        await db.send(new PutItemCommand({ TableName: table, Item: toWire(item), ...unchanged(expected) }));
      } catch (error) {
        if (awsCodeOf(error) !== 'ConditionalCheckFailedException') throw error;
        throw new CliffracerError('conflict', `the item of ${table} was changed meanwhile`, { hint: 'load it again' });
      }
    },
    async delete(table, key) {
      await (await clients.dynamodb()).send(new DeleteItemCommand({ TableName: table, Key: toWire(key) }));
    },
  };
}

/** Every attribute has the value that it had; undefined stands for one that is not there. */
function unchanged(expected: Readonly<Record<string, AttributeValue | undefined>>) {
  const expressions = new Expressions();
  const conditions = Object.entries(expected).map(([name, value]) =>
    expressions.compare(expressions.name(name), value === undefined ? 'missing' : '=', value),
  );
  return { ConditionExpression: conditions.join(' AND '), ...expressions.placeholders };
}

const allOf = (expressions: Expressions, conditions: readonly Condition[]): string =>
  conditions
    .map(({ attribute, comparison, value }) => {
      // A path into maps has a name for each step.
      const path = attribute.split('.').map((step) => expressions.name(step));
      return expressions.compare(path.join('.'), comparison, value && toWire({ value }).value);
    })
    .join(' AND ');

async function listTables(db: DynamoDBClient): Promise<TableInfo[]> {
  const names: string[] = [];
  for (let last: string | undefined, first = true; first || last !== undefined; first = false) {
    const page = await db.send(new ListTablesCommand({ ...(last !== undefined && { ExclusiveStartTableName: last }) }));
    names.push(...(page.TableNames ?? []));
    last = names.length < MOST_TABLES ? page.LastEvaluatedTableName : undefined;
  }
  return Promise.all(names.slice(0, MOST_TABLES).map(async (name) => infoOf(await describe(db, name))));
}

const describe = async (db: DynamoDBClient, name: string) =>
  (await db.send(new DescribeTableCommand({ TableName: name }))).Table ?? {};

const keyNames = async (db: DynamoDBClient, table: string) =>
  infoOf(await describe(db, table)).keys.map(({ name }) => name);

function infoOf(table: TableDescription): TableInfo {
  const types = new Map((table.AttributeDefinitions ?? []).map((each) => [each.AttributeName, each.AttributeType]));
  const keysOf = (schema: readonly KeySchemaElement[] = []): KeyPart[] =>
    [...schema]
      .sort((a, b) => Number(a.KeyType === 'RANGE') - Number(b.KeyType === 'RANGE'))
      .map(({ AttributeName: name = '' }) => ({ name, type: types.get(name) ?? 'S' }));
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return {
    table: table.TableName ?? '',
    items: table.ItemCount ?? 0,
    bytes: table.TableSizeBytes ?? 0,
    keys: keysOf(table.KeySchema),
    indexes: indexes.map(({ IndexName = '', KeySchema }) => ({ index: IndexName, keys: keysOf(KeySchema) })),
  };
}
