import type { TableName } from '../../domain/names.ts';
import { KEY_ATTRIBUTE } from '../../domain/records.ts';
import type { Attributes } from '../../topology/resources.ts';

/** Indexes of `orders`, for lists by status and by customer in order of time. */
export const ORDER_INDEXES = { byStatus: 'by_status', byCustomer: 'by_customer' } as const;

/** Partition key, then sort key. All of them are strings, and indexes hold whole items. */
const INDEXES: Partial<Record<TableName, Record<string, readonly string[]>>> = {
  orders: {
    [ORDER_INDEXES.byStatus]: ['status', 'created_at'],
    [ORDER_INDEXES.byCustomer]: ['customer_id', 'created_at'],
  },
};

/** The shape of a table: `key` cannot be changed once it exists. */
export function tableAttributes(table: TableName): Attributes {
  return {
    key: [KEY_ATTRIBUTE[table]],
    indexes: INDEXES[table] ?? {},
    billing: 'PAY_PER_REQUEST',
    status: 'ACTIVE',
  };
}
