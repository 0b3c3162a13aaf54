import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { validationError } from './errors.ts';
import type { DynamoState } from './state.ts';
import { namedTable, tableNameOf } from './table-access.ts';
import { describe, describeDeleted } from './table-description.ts';

interface TableInput {
  TableName: string;
}

export function describeTable(context: Context<DynamoState>, input: TableInput) {
  return { Table: describe(namedTable(context, input.TableName)) };
}

/** DeleteTable (API reference). The answer says DELETING, as on AWS; the table is gone at once. */
export function deleteTable(context: Context<DynamoState>, input: TableInput) {
  const table = namedTable(context, input.TableName);
  if (table.deletionProtection) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  context.state.tables.delete(table.name);
  return { TableDescription: describeDeleted(table) };
}

/** Names in order, up to 100 a page. */
export function listTables(context: Context<DynamoState>, input: { ExclusiveStartTableName?: string; Limit?: number }) {
  const after = input.ExclusiveStartTableName;
  const names = [...context.state.tables.keys()].sort().filter((name) => after === undefined || name > after);
  const page = names.slice(0, input.Limit ?? 100);
  return {
    TableNames: page,
    LastEvaluatedTableName: page.length < names.length ? page[page.length - 1] : undefined,
  };
}

/** Backups are not kept; programs that set up tables ask whether there are any. */
export function describeContinuousBackups(context: Context<DynamoState>, input: TableInput) {
  const name = tableNameOf(context, input.TableName);
  if (name === undefined || !context.state.tables.has(name)) {
    throw new AwsError('TableNotFoundException', `Table not found: ${name ?? input.TableName}`);
  }
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}

/** The quotas that an account begins with (Developer Guide, Quotas). */
export function describeLimits() {
  return {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  };
}

export function describeEndpoints(context: Context<DynamoState>) {
  return { Endpoints: [{ Address: new URL(context.endpoint).host, CachePeriodInMinutes: 1440 }] };
}
