import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { awsErrorOf } from '../aws/errors.ts';
import type { Behaviour } from './behaviour.ts';
import { all, refusalOf, refused, same, until } from './expectations.ts';
import { definition, withTable } from './table-trials.ts';

const GUIDE = 'DynamoDB Developer Guide';
const API = 'DynamoDB API Reference';

const row = (id: string, more: Record<string, AttributeValue> = {}) => ({ id: { S: id }, ...more });
const idsOf = (items: readonly Record<string, AttributeValue>[] | undefined) => items?.map(({ id }) => id?.S);

export const TABLES: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'ddb-condition',
    does: 'a condition that does not hold writes nothing, and gives the item that is there',
    source: `${API}, PutItem, ReturnValuesOnConditionCheckFailure`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        await put(row('a', { n: { N: '1' } }));
        const condition = {
          ConditionExpression: 'attribute_not_exists(id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        };
        let error: unknown;
        await put(row('a', { n: { N: '2' } }), condition).catch((thrown) => {
          error = thrown;
        });
        const failure = awsErrorOf(error) as { name: string; Item?: object } | undefined;
        const { Item } = await db.send(new GetItemCommand({ TableName, Key: row('a'), ConsistentRead: true }));
        return all(
          same('the refusal', failure?.name, 'ConditionalCheckFailedException'),
          same('the item in it', failure?.Item, row('a', { n: { N: '1' } })),
          same('what is stored', Item?.n, { N: '1' }),
        );
      }),
  },
  {
    id: 'ddb-transaction',
    does: 'a transaction writes all or nothing, and gives a reason for each of its writes',
    source: `${API}, TransactWriteItems`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        await put(row('b', { n: { N: '1' } }));
        const ConditionExpression = 'attribute_not_exists(id)';
        const TransactItems = [
          { Put: { TableName, Item: row('a') } },
          {
            Put: {
              ...{ TableName, ConditionExpression, Item: row('b') },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
            },
          },
        ];
        let error: unknown;
        await db.send(new TransactWriteItemsCommand({ TransactItems })).catch((thrown) => {
          error = thrown;
        });
        const reasons = (awsErrorOf(error) as { CancellationReasons?: { Code?: string; Item?: object }[] } | undefined)
          ?.CancellationReasons;
        const { Item } = await db.send(new GetItemCommand({ TableName, Key: row('a'), ConsistentRead: true }));
        return all(
          same(
            'the reasons',
            reasons?.map(({ Code }) => Code),
            ['None', 'ConditionalCheckFailed'],
          ),
          same('the item in them', reasons?.[1]?.Item, row('b', { n: { N: '1' } })),
          same('what the first write left', Item, undefined),
        );
      }),
  },
  {
    id: 'ddb-token',
    does: 'a transaction sent again with its token is not done again',
    source: `${API}, TransactWriteItems, ClientRequestToken`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        await put(row('a', { n: { N: '1' } }));
        const UpdateExpression = 'SET n = n + :one';
        const ExpressionAttributeValues = { ':one': { N: '1' } };
        const Update = { TableName, Key: row('a'), UpdateExpression, ExpressionAttributeValues };
        const command = { TransactItems: [{ Update }], ClientRequestToken: trial.uuid() };
        await db.send(new TransactWriteItemsCommand(command));
        await db.send(new TransactWriteItemsCommand(command));
        const { Item } = await db.send(new GetItemCommand({ TableName, Key: row('a'), ConsistentRead: true }));
        return same('the counter', Item?.n, { N: '2' });
      }),
  },
  {
    id: 'ddb-numbers',
    does: 'numbers are compared as numbers, and keep 38 digits',
    source: `${GUIDE}, Naming rules and data types, Numbers`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        const N = '12345678901234567890123456789012345678';
        await put(row('a', { n: { N: '9' }, long: { N } }));
        const condition = { ConditionExpression: 'n < :ten', ExpressionAttributeValues: { ':ten': { N: '10' } } };
        const code = await refusalOf(put(row('a', { n: { N: '9' }, long: { N } }), condition));
        const { Item } = await db.send(new GetItemCommand({ TableName, Key: row('a'), ConsistentRead: true }));
        return all(same('the refusal of 9 < 10', code, undefined), same('the long number', Item?.long?.N, N));
      }),
  },
  {
    id: 'ddb-arithmetic',
    does: 'an update may calculate, a condition may not',
    source: `${GUIDE}, Update expressions; Condition and filter expressions`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        await put(row('a', { n: { N: '1' } }));
        const update = (condition: object) => {
          const values = { ExpressionAttributeValues: { ':two': { N: '2' } } };
          const change = { TableName, Key: row('a'), UpdateExpression: 'SET n = n + :two' };
          return db.send(new UpdateItemCommand({ ...change, ...values, ...condition, ReturnValues: 'ALL_NEW' }));
        };
        const { Attributes } = await update({});
        const inCondition = await refused(update({ ConditionExpression: 'n - :two > :two' }), 'ValidationException');
        return all(same('the sum', Attributes?.n, { N: '3' }), inCondition);
      }),
  },
  {
    id: 'ddb-reserved',
    does: 'a reserved word in an expression is refused',
    source: `${GUIDE}, Reserved words in DynamoDB`,
    run: (trial) =>
      withTable(trial, ({ put }) =>
        refused(put(row('a'), { ConditionExpression: 'attribute_not_exists(status)' }), 'ValidationException'),
      ),
  },
  {
    id: 'ddb-empty-key',
    does: 'an empty key is refused',
    source: `${API}, PutItem`,
    run: (trial) => withTable(trial, ({ put }) => refused(put(row('')), 'ValidationException')),
  },
  {
    id: 'ddb-batch-twice',
    does: 'a batch that writes one item twice is refused',
    source: `${API}, BatchWriteItem`,
    run: (trial) =>
      withTable(trial, ({ db, TableName }) => {
        const request = { PutRequest: { Item: row('a') } };
        const RequestItems = { [TableName]: [request, request] };
        return refused(db.send(new BatchWriteItemCommand({ RequestItems })), 'ValidationException');
      }),
  },
  {
    id: 'ddb-pages',
    does: 'Limit counts before the filter, and pages go on until the last key is gone',
    source: `${API}, Scan`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        for (const id of ['a', 'b', 'c', 'd', 'e']) await put(row(id, { odd: { BOOL: 'ace'.includes(id) } }));
        const found: string[] = [];
        let scanned = 0;
        let largest = 0;
        let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
        do {
          const filter = { FilterExpression: 'odd = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } } };
          const page = await db.send(new ScanCommand({ TableName, Limit: 2, ...filter, ExclusiveStartKey }));
          for (const id of idsOf(page.Items) ?? []) found.push(id!);
          scanned += page.ScannedCount ?? 0;
          largest = Math.max(largest, page.ScannedCount ?? 0);
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey !== undefined && scanned < 20);
        return all(
          same('what was found', found.sort(), ['a', 'c', 'e']),
          same('what was looked at', [scanned, largest], [5, 2]),
        );
      }),
  },
  {
    id: 'ddb-index',
    does: 'an index gives its items in order, both ways, and leaves out those without its keys',
    source: `${GUIDE}, Global secondary indexes`,
    run: (trial) =>
      withTable(trial, async ({ db, TableName, put }) => {
        for (const [id, at] of [
          ['a', '2'],
          ['b', '1'],
          ['c', '10'],
        ]) {
          await put(row(id!, { group: { S: 'g' }, at: { S: at! } }));
        }
        await put(row('d', { group: { S: 'g' } }));
        const query = async (ScanIndexForward: boolean) => {
          const condition = { KeyConditionExpression: '#group = :g', ExpressionAttributeNames: { '#group': 'group' } };
          const values = { ExpressionAttributeValues: { ':g': { S: 'g' } } };
          const asked = { TableName, IndexName: 'by_group', ...condition, ...values, ScanIndexForward };
          return idsOf((await db.send(new QueryCommand(asked))).Items);
        };
        const settled = await until(trial, async () => ((await query(true))?.length === 3 ? query(true) : undefined));
        return all(
          same('the order', settled, ['b', 'c', 'a']),
          same('the order backwards', await query(false), ['a', 'c', 'b']),
        );
      }),
  },
  {
    id: 'ddb-create-again',
    does: 'making a table again is refused',
    source: `${API}, CreateTable`,
    run: (trial) =>
      withTable(trial, ({ db, TableName }) =>
        refused(db.send(new CreateTableCommand(definition(TableName))), 'ResourceInUseException'),
      ),
  },
];
