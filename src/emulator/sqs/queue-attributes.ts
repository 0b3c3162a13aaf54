import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import {
  attributeEntries,
  checkAttributes,
  effective,
  SETTABLE,
  settingsOf,
  TOLD,
  withAttributes,
} from './attributes.ts';
import { oldestInBacklog } from './backlog.ts';
import { outputMap } from './maps.ts';
import { arm, hide, show } from './queue.ts';
import { checkTarget } from './redrive-policy.ts';
import type { Queue, SqsState } from './state.ts';

const READABLE: ReadonlySet<string> = new Set([...TOLD, ...SETTABLE]);

export const getQueueAttributes = onQueue(
  'GetQueueAttributes',
  (_, queue, { AttributeNames = [] }: { QueueUrl: string; AttributeNames?: string[] }) => {
    const unknown = AttributeNames.find((name) => name !== 'All' && !READABLE.has(name));
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const names = AttributeNames.includes('All') ? READABLE : new Set(AttributeNames);
    const known: [string, string][] = [];
    for (const name of names) {
      const value = readAttribute(queue, name);
      if (value !== undefined) known.push([name, value]);
    }
    return { Attributes: outputMap(known) };
  },
);

function readAttribute(queue: Queue, name: string): string | undefined {
  switch (name) {
    case 'QueueArn':
      return queue.arn;
    case 'ApproximateNumberOfMessages':
      return String(queue.counts.ready);
    case 'ApproximateNumberOfMessagesNotVisible':
      return String(queue.counts['in-flight']);
    case 'ApproximateNumberOfMessagesDelayed':
      return String(queue.counts.delayed);
    case 'CreatedTimestamp':
      return String(Math.floor(queue.createdAt / 1000));
    case 'LastModifiedTimestamp':
      return String(Math.floor(queue.modifiedAt / 1000));
    default:
      return effective(queue.attributes, queue.settings.fifo, name);
  }
}

export const setQueueAttributes = onQueue(
  'SetQueueAttributes',
  (context, queue, { Attributes }: { QueueUrl: string; Attributes: Record<string, string> }) => {
    const entries = attributeEntries(Attributes);
    checkAttributes(entries, queue.settings.fifo);
    const attributes = withAttributes(queue.attributes, entries);
    const redrive = new Map(entries).get('RedrivePolicy');
    if (redrive) checkTarget(context, redrive, queue.arn, queue.settings.fifo);
    const before = queue.settings;
    queue.attributes = attributes;
    queue.settings = settingsOf(attributes, before.fifo);
    queue.modifiedAt = context.now;
    // A shorter retention reaches the messages that are there already.
    const oldest = Math.min(queue.expiry[0] ?? Number.POSITIVE_INFINITY, oldestInBacklog(queue));
    if (oldest < Number.POSITIVE_INFINITY) arm(context, queue, 'retention', oldest + queue.settings.retention);
    if (before.fifo && before.delay !== queue.settings.delay) changeDelays(context, queue);
  },
);

/** The delay of a FIFO queue is retroactive (SQS Developer Guide, Delay queues). */
function changeDelays(context: Context<SqsState>, queue: Queue): void {
  for (const message of queue.messages.values()) {
    if (message.state !== 'delayed') continue;
    const visibleAt = message.content.enqueuedAt + queue.settings.delay;
    if (visibleAt <= context.now) show(context, queue, message);
    else hide(context, queue, message, visibleAt);
  }
}
