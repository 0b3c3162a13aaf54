import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import { settingsOf } from './attributes.ts';
import { invalidValue, missingParameter } from './errors.ts';
import type { Queue, SqsState } from './state.ts';

interface AddInput {
  QueueUrl: string;
  Label: string;
  AWSAccountIds: string[];
  Actions: string[];
}

/** Actions that AddPermission can grant (SQS Developer Guide, Amazon SQS API permissions). */
const GRANTABLE = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

/** What no other account can be granted (AddPermission: "Cross-account permissions don't apply to" these). */
const OWNERS = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueueTags',
  'ListQueues',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

const MAX_ACTIONS = 7;

interface PolicyDocument {
  Statement: { Sid?: string }[];
  [name: string]: unknown;
}

export const addPermission = onQueue('AddPermission', (context, queue, input: AddInput) => {
  checkInput(input);
  const document = readPolicy(queue);
  if (document.Statement.some(({ Sid }) => Sid === input.Label)) {
    throw invalidValue(input.Label, 'Label', 'Already exists.');
  }
  const statement = {
    Sid: input.Label,
    Effect: 'Allow',
    Principal: { AWS: one(input.AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: one(input.Actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  };
  writePolicy(context, queue, { ...document, Statement: [...document.Statement, statement] });
});

export const removePermission = onQueue(
  'RemovePermission',
  (context, queue, { Label }: { QueueUrl: string; Label: string }) => {
    const document = readPolicy(queue);
    const rest = document.Statement.filter(({ Sid }) => Sid !== Label);
    if (rest.length === document.Statement.length) throw invalidValue(Label, 'Label', "can't find label.");
    writePolicy(context, queue, { ...document, Statement: rest });
  },
);

function checkInput({ Label, AWSAccountIds, Actions }: AddInput): void {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(Label)) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
    throw invalidValue(Label, 'Label', reason);
  }
  // Empty lists: moto, test_add_permission_errors.
  if (Actions.length === 0) throw missingParameter('Actions');
  if (AWSAccountIds.length === 0) throw invalidValue('[]', 'PrincipalId', 'Unable to verify.');
  for (const account of AWSAccountIds) {
    if (!/^\d{12}$/.test(account)) throw invalidValue(account, 'PrincipalId', 'Unable to verify.');
  }
  for (const action of Actions) {
    if (!GRANTABLE.has(action)) {
      // The first wording: moto, test_add_permission_errors; the second: LocalStack's snapshots, with its last space.
      const reason = OWNERS.has(action)
        ? 'Only the queue owner is allowed to invoke this action.'
        : 'Please refer to the appropriate WSDL for a list of valid actions. ';
      throw invalidValue(`SQS:${action}`, 'ActionName', reason);
    }
  }
  if (Actions.length > MAX_ACTIONS) {
    const message = `${Actions.length} Actions were found, maximum allowed is ${MAX_ACTIONS}.`;
    throw new AwsError('OverLimit', message, { status: 403 });
  }
}

function readPolicy(queue: Queue): PolicyDocument {
  const text = queue.attributes.get('Policy');
  if (text === undefined) return { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  const document = JSON.parse(text) as PolicyDocument;
  return { ...document, Statement: [document.Statement].flat() };
}

function writePolicy(context: Context<SqsState>, queue: Queue, document: PolicyDocument): void {
  if (document.Statement.length === 0) queue.attributes.delete('Policy');
  else queue.attributes.set('Policy', JSON.stringify(document));
  queue.settings = settingsOf(queue.attributes, queue.settings.fifo);
  queue.modifiedAt = context.now;
}

const one = (values: string[]) => (values.length === 1 ? values[0] : values);
