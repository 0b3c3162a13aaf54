import { refusing } from '../core/gaps.ts';
import type { ServiceDefinition } from '../core/types.ts';
import { batchGetItem } from './batch-get-item.ts';
import { batchWriteItem } from './batch-write-item.ts';
import { createTable } from './create-table.ts';
import { expireItems } from './expire-items.ts';
import { GAPS } from './gaps.ts';
import { getItem } from './item-reads.ts';
import { deleteItem, putItem, updateItem } from './item-writes.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';
import { createState, type DynamoState } from './state.ts';
import { describeTimeToLive, updateTimeToLive } from './table-time-to-live.ts';
import {
  deleteTable,
  describeContinuousBackups,
  describeEndpoints,
  describeLimits,
  describeTable,
  listTables,
} from './tables.ts';
import { listTagsOfResource, tagResource, untagResource } from './tags.ts';
import { transactGetItems } from './transact-get-items.ts';
import { transactWriteItems } from './transact-write-items.ts';
import { updateTable } from './update-table.ts';

export type { DynamoState } from './state.ts';

/** DynamoDB without streams, PartiQL, backups and global tables. */
export const dynamodb: ServiceDefinition<DynamoState> = {
  id: 'dynamodb',
  scope: 'regional',
  createState,
  gaps: GAPS,
  operations: refusing(GAPS, {
    CreateTable: createTable,
    DescribeTable: describeTable,
    ListTables: listTables,
    UpdateTable: updateTable,
    DeleteTable: deleteTable,
    UpdateTimeToLive: updateTimeToLive,
    DescribeTimeToLive: describeTimeToLive,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsOfResource: listTagsOfResource,
    DescribeLimits: describeLimits,
    DescribeEndpoints: describeEndpoints,
    DescribeContinuousBackups: describeContinuousBackups,
    PutItem: putItem,
    GetItem: getItem,
    UpdateItem: updateItem,
    DeleteItem: deleteItem,
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    Query: query,
    Scan: scan,
    TransactWriteItems: transactWriteItems,
    TransactGetItems: transactGetItems,
  }),
  timers: { expire: expireItems },
};
