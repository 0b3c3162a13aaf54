import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import type { Write, WriteOutcome } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { attributesOf, itemOf } from './attribute-values.ts';
import type { Call } from './call.ts';
import { awsCodeOf, awsErrorOf } from './errors.ts';
import { Expressions } from './expressions.ts';
import { type Pauses, spreadPauseMs } from './retry.ts';

const TRIES = 8;
// Reasons that say nothing about the conditions: the same transaction may go through a moment later.
const PASSING = /^(TransactionConflict|ThrottlingError|ProvisionedThroughputExceeded)$/;

/** All of the writes or none of them. A condition that does not hold is an outcome; what passes by itself is tried again. */
export async function writeAll(
  call: Call,
  names: StackNames,
  pauses: Pauses,
  writes: readonly Write[],
): Promise<WriteOutcome> {
  if (writes.length === 0) return { written: true };
  const write = requestFor(writes, names, call);
  const request = writes.map(({ label }) => label).join();
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return { written: true };
    } catch (error) {
      const conflicts = conflictsIn(error, writes);
      if (conflicts.length > 0) return { written: false, conflicts };
      if (attempt === TRIES || !passes(error)) throw error;
      await pauses.sleep(spreadPauseMs(attempt, request));
    }
  }
}

/**
 * A single put or delete needs no transaction, which would cost twice as much; to repeat one whose answer was lost is
 * harmless. An update is not: only a transaction's token keeps the SDK's retries from applying it twice.
 */
function requestFor(writes: readonly Write[], names: StackNames, call: Call): () => Promise<unknown> {
  const [first, second] = writes;
  if (second === undefined && first!.kind === 'put') {
    const input = { ...target(first!, names), Item: attributesOf(first!.item) };
    return () => call('dynamodb', 'PutItem', input);
  }
  if (second === undefined && first!.kind === 'delete') {
    const input = { ...target(first!, names), Key: attributesOf(first!.key) };
    return () => call('dynamodb', 'DeleteItem', input);
  }
  const TransactItems = writes.map((each) => transactItem(each, names));
  // Without a token of ours the SDK draws one for each call and keeps it through its retries.
  return () => call('dynamodb', 'TransactWriteItems', { TransactItems });
}

/** Table and condition of a write, with the placeholders of all its expressions. */
function target({ table, condition = { all: [] } }: Write, names: StackNames, expressions = new Expressions()) {
  const text = expressions.conditions(condition);
  return {
    TableName: names.table(table),
    ...(text !== '' && { ConditionExpression: text, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    ...expressions.placeholders,
  };
}

function transactItem(write: Write, names: StackNames) {
  switch (write.kind) {
    case 'put':
      return { Put: { ...target(write, names), Item: attributesOf(write.item) } };
    case 'delete':
      return { Delete: { ...target(write, names), Key: attributesOf(write.key) } };
    case 'check':
      return { ConditionCheck: { ConditionExpression: '', ...target(write, names), Key: attributesOf(write.key) } };
    case 'update': {
      const expressions = new Expressions();
      const UpdateExpression = expressions.update(write.update);
      return { Update: { UpdateExpression, ...target(write, names, expressions), Key: attributesOf(write.key) } };
    }
  }
}

interface ConditionFailure {
  CancellationReasons?: CancellationReason[];
  Item?: CancellationReason['Item'];
}

function conflictsIn(error: unknown, writes: readonly Write[]) {
  const failure = awsErrorOf(error) as ConditionFailure | undefined;
  switch (awsCodeOf(error)) {
    case 'ConditionalCheckFailedException':
      return [{ index: 0, label: writes[0]!.label, item: failure?.Item && itemOf(failure.Item) }];
    case 'TransactionCanceledException':
      return (failure?.CancellationReasons ?? []).flatMap(({ Code, Item }, index) => {
        return Code === 'ConditionalCheckFailed'
          ? [{ index, label: writes[index]!.label, item: Item && itemOf(Item) }]
          : [];
      });
    default:
      return [];
  }
}

function passes(error: unknown): boolean {
  const code = awsCodeOf(error);
  if (code === 'TransactionConflictException' || code === 'TransactionInProgressException') return true;
  const reasons = (awsErrorOf(error) as ConditionFailure | undefined)?.CancellationReasons ?? [];
  const said = reasons.filter(({ Code }) => Code !== undefined && Code !== 'None');
  return code === 'TransactionCanceledException' && said.length > 0 && said.every(({ Code }) => PASSING.test(Code!));
}
