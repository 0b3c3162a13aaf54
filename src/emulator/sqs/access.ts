import { AwsError } from '../core/errors.ts';
import { remembering } from '../core/remembering.ts';
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

const NAME = /^[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/;

/** What a queue's URL names; without an account for a name alone, and undefined for what is no URL of a queue. */
const placeOf = remembering((url): { account: string | undefined; name: string } | undefined => {
  // Some clients give the name alone, which SQS takes too.
  if (!url.includes('/') && NAME.test(url)) return { account: undefined, name: url };
  const match = /^(?:https?:\/\/[^/?#]+)?\/?(?:.*\/)?(\d{12})\/([^/?#]+)\/?$/.exec(url);
  return match === null ? undefined : { account: match[1]!, name: match[2]! };
});

/** Only the path counts, whatever host a client reaches the engine by. */
export function parseQueueUrl(context: Context, url: string): { account: string; name: string } {
  const place = placeOf(url);
  if (place === undefined) throw queueDoesNotExist();
  return { account: place.account ?? context.account, name: place.name };
}

/**
 * The account that owns a queue may do everything; an AWS service or another account needs the queue's policy
 * (SQS Developer Guide, Access management).
 */
export function checkAccess(context: Context<SqsState>, queue: Queue, action: string): void {
  const { caller } = context;
  // LocalStack keeps queue policies, and does not ask them.
  if (caller === undefined || context.settings.lenient) return;
  const { service, sourceArn } = caller;
  const latest = decided.get(queue.settings);
  const isRepeated = latest?.action === action && latest.sourceArn === sourceArn && latest.service === service;
  const allowed = isRepeated ? latest.allowed : decide(queue, action, caller);
  if (!isRepeated) decided.set(queue.settings, { service, action, sourceArn, allowed });
  if (!allowed) throw accessDenied(queue);
}

/**
 * What a queue's settings said to the latest caller: mostly one topic sends to a queue, again and again. Settings are
 * made anew when they change, and nothing else counts.
 */
const decided = new WeakMap<object, { service: string; action: string; sourceArn: string; allowed: boolean }>();

function decide(queue: Queue, action: string, caller: NonNullable<Context['caller']>): boolean {
  const sourceAccount = caller.sourceAccount ?? caller.sourceArn.split(':')[4] ?? '';
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

/**
 * Why a topic's messages would not reach a queue here, as the error of its SendMessage; undefined when they would. The
 * context is of SQS, with the topic as caller.
 */
export function refusalOf(context: Context<SqsState>, queueName: string): AwsError | undefined {
  const queue = context.state.queues.get(queueName);
  if (queue === undefined) return queueDoesNotExist();
  try {
    checkAccess(context, queue, 'SendMessage');
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

const accessDenied = (queue: Queue) =>
  new AwsError('AccessDenied', `Access to the resource ${queue.arn} is denied.`, { status: 403 });
