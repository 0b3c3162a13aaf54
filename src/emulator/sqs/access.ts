import { AwsError } from '../core/errors.ts';
import type { Context, Operation } from '../core/types.ts';
import { queueDoesNotExist } from './errors.ts';
import { type AccessRequest, isAllowed } from './policy.ts';
import type { Queue, SqsState } from './state.ts';

type OnQueue<Input> = (context: Context<SqsState>, queue: Queue, input: Input) => unknown;

/** Actions that a queue's policy cannot open to another account (SQS Developer Guide, Custom policies, limitations). */
const OWNER_ONLY = new Set([
  'AddPermission',
  'DeleteQueue',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
]);

export const queueUrl = (context: Context, name: string) => `${context.endpoint}/${context.account}/${name}`;

/** An operation on the queue that `QueueUrl` names, there where the queue is, if the caller may. */
export function onQueue<Input extends { QueueUrl: string }>(action: string, run: OnQueue<Input>): Operation<SqsState> {
  return (context, input: Input) => {
    const { account, name } = parseQueueUrl(context, input.QueueUrl);
    if (account !== context.account) return inAccount(context, account, action, input);
    const queue = context.state.queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    checkAccess(context, queue, action);
    return run(context, queue, input);
  };
}

/** Runs an operation in another account, where this one is a principal whom a queue's policy may let in. */
export function inAccount(context: Context<SqsState>, account: string, operation: string, input: unknown) {
  return context.call({ service: 'sqs', operation, input, account }, `arn:aws:iam::${context.account}:root`);
}

/** Only the path counts, whatever host a client reaches the engine by. */
export function parseQueueUrl(context: Context, url: string): { account: string; name: string } {
  const match = /^(?:https?:\/\/[^/?#]+)?\/?(?:.*\/)?(\d{12})\/([^/?#]+)\/?$/.exec(url);
  if (match !== null) return { account: match[1]!, name: match[2]! };
  // Some clients give the name alone, which SQS takes too.
  if (/^[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/.test(url)) return { account: context.account, name: url };
  throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, { status: 404 });
}

/**
 * The account that owns a queue may do everything; an AWS service or another account needs the queue's policy
 * (SQS Developer Guide, Access management).
 */
export function checkAccess(context: Context<SqsState>, queue: Queue, action: string): void {
  const { caller } = context;
  if (caller === undefined) return;
  const decisions = decisionsOf(queue);
  const asked = `${caller.service} ${action} ${caller.sourceArn}`;
  let allowed = decisions.get(asked);
  if (allowed === undefined) {
    allowed = decide(queue, action, caller);
    if (decisions.size >= MOST_DECISIONS) decisions.clear();
    decisions.set(asked, allowed);
  }
  if (!allowed) throw accessDenied(queue);
}

const MOST_DECISIONS = 100;

/** What a queue's settings have been found to say. Settings are made anew when they change, and nothing else counts. */
const decided = new WeakMap<object, Map<string, boolean>>();

function decisionsOf(queue: Queue): Map<string, boolean> {
  let decisions = decided.get(queue.settings);
  if (decisions === undefined) {
    decisions = new Map();
    decided.set(queue.settings, decisions);
  }
  return decisions;
}

function decide(queue: Queue, action: string, caller: NonNullable<Context['caller']>): boolean {
  const sourceAccount = caller.sourceArn.split(':')[4] ?? '';
  const foreign = caller.service === 'sqs';
  const request: AccessRequest = {
    principal: foreign ? { account: sourceAccount } : { service: `${caller.service}.amazonaws.com` },
    action: `sqs:${action.replace(/Batch$/, '')}`,
    resource: queue.arn,
    keys: new Map([
      ['aws:sourcearn', caller.sourceArn],
      ['aws:sourceaccount', sourceAccount],
      ['aws:principalaccount', sourceAccount],
    ]),
  };
  return !(foreign && OWNER_ONLY.has(action)) && isAllowed(queue.settings.policy ?? [], request);
}

const accessDenied = (queue: Queue) =>
  new AwsError('AccessDenied', `Access to the resource ${queue.arn} is denied.`, { status: 403 });
