import { AwsError } from '../core/errors.ts';
import type { Context, Scope } from '../core/types.ts';
import { validationError } from './errors.ts';
import type { DynamoState, Index, Table } from './state.ts';

const NAME = /^[a-zA-Z0-9_.-]+$/;

export function tableArn(scope: Scope, name: string): string {
  return `arn:aws:dynamodb:${scope.region}:${scope.account}:table/${name}`;
}

/** The name in a `TableName`, which may be a name or an ARN; ARNs of other accounts name nothing here. */
export function tableNameOf(scope: Scope, nameOrArn: string): string | undefined {
  if (nameOrArn.startsWith('arn:')) {
    const [, partition, , region] = nameOrArn.split(':');
    const wrong = partition !== 'aws' ? 'partition' : region !== scope.region ? 'region' : undefined;
    // Wording: ack-api-quirks, DDB-TABLE-442.
    if (wrong !== undefined) {
      throw validationError(`1 validation error detected: Invalid AWS ${wrong} in '${nameOrArn}'`);
    }
    const name = nameOrArn.slice(nameOrArn.indexOf(':table/') + ':table/'.length);
    return nameOrArn === tableArn(scope, name) ? name : undefined;
  }
  checkTableName(nameOrArn);
  return nameOrArn;
}

/** The model allows 1024 characters, for ARNs; a name has the limits that messages tell (Developer Guide, Naming rules). */
export function checkTableName(name: string): void {
  const problem =
    name.length < 3
      ? 'Member must have length greater than or equal to 3'
      : name.length > 255
        ? 'Member must have length less than or equal to 255'
        : NAME.test(name)
          ? undefined
          : 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  if (problem === undefined) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: ${problem}`,
  );
}

/** For operations on items, whose message does not name the table. */
export function itemTable(context: Context<DynamoState>, nameOrArn: string): Table {
  const table = tableCalled(context, nameOrArn);
  if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  return table;
}

function tableCalled(context: Context<DynamoState>, nameOrArn: string): Table | undefined {
  const { tables } = context.state;
  return tables.get(nameOrArn) ?? tables.get(tableNameOf(context, nameOrArn) ?? '');
}

/** For operations on tables, whose message does. */
export function namedTable(context: Context<DynamoState>, nameOrArn: string): Table {
  const table = tableCalled(context, nameOrArn);
  if (table !== undefined) return table;
  const name = tableNameOf(context, nameOrArn) ?? nameOrArn;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

export function namedIndex(table: Table, name: string): Index {
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) throw validationError(`The table does not have the specified index: ${name}`);
  return index;
}
