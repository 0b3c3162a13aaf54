import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { queueUrl } from './access.ts';
import {
  attributeEntries,
  checkAttributes,
  checkQueueName,
  effective,
  settingsOf,
  withAttributes,
} from './attributes.ts';
import { entriesOf } from './maps.ts';
import { checkTarget } from './redrive-policy.ts';
import type { Queue, SqsState } from './state.ts';
import { setTags } from './tags.ts';

interface CreateInput {
  QueueName: string;
  Attributes?: Record<string, string>;
  tags?: Record<string, string>;
}

/**
 * AWS refuses for 60 seconds to make a queue of a name that was just deleted (QueueDeletedRecently). The engine does
 * not: deleting and making again is what test suites and `reset` do all the time, no data is left that the wait would
 * protect, and a fault rule on CreateQueue gives the error to those who want to meet it.
 */
export function createQueue(context: Context<SqsState>, input: CreateInput) {
  const { QueueName: name } = input;
  const entries = attributeEntries(input.Attributes);
  const fifo = entries.some(([key, value]) => key === 'FifoQueue' && value === 'true');
  checkQueueName(name, fifo);
  checkAttributes(entries, fifo);
  const existing = context.state.queues.get(name);
  if (existing !== undefined) checkSame(existing, entries);
  else context.state.queues.set(name, makeQueue(context, name, fifo, entries, input.tags));
  return { QueueUrl: queueUrl(context, name) };
}

function makeQueue(
  context: Context<SqsState>,
  name: string,
  fifo: boolean,
  entries: [string, string][],
  tags: Record<string, string> | undefined,
): Queue {
  const arn = `arn:aws:sqs:${context.region}:${context.account}:${name}`;
  const attributes = withAttributes(new Map(), entries);
  const redrive = attributes.get('RedrivePolicy');
  if (redrive !== undefined) checkTarget(context, redrive, arn, fifo);
  const queue: Queue = {
    name,
    arn,
    id: context.uuid().replaceAll('-', '').slice(0, 16),
    createdAt: context.now,
    modifiedAt: context.now,
    purgedAt: undefined,
    attributes,
    settings: settingsOf(attributes, fifo),
    tags: new Map(),
    messages: new Map(),
    nextKey: 1,
    counts: { ready: 0, 'in-flight': 0, delayed: 0 },
    ready: [],
    hidden: [],
    expiry: [],
    groups: new Map(),
    sent: new Map(),
    attempts: new Map(),
    wakes: { visibility: undefined, retention: undefined, deduplication: undefined },
  };
  setTags(queue, entriesOf(tags));
  return queue;
}

/** Making a queue that exists succeeds unless an attribute given differs (SQS API, CreateQueue). */
function checkSame(queue: Queue, entries: readonly [string, string][]): void {
  for (const [name, value] of entries) {
    const current = effective(queue.attributes, queue.settings.fifo, name) ?? '';
    if (current !== value && canonical(current) !== canonical(value)) {
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
  }
}

/** Policies are the same however their JSON is spaced. */
function canonical(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
