import type { QueueState, TopicState } from '../lab/queues/port.ts';
import type { View } from './context.ts';
import { table } from './table.ts';
import { plural, safe, time } from './text.ts';

export type ListedQueue = QueueState & { dead_letters: number | null };

export const queueListView: View<{ queues: readonly ListedQueue[] }> = ({ queues }, context) => {
  if (queues.length === 0) return 'There are no queues.';
  const { paint } = context;
  const count = (title: string, of: (row: ListedQueue) => number | null, colour: (text: string) => string) => ({
    title,
    text: (row: ListedQueue) => String(of(row) ?? '-'),
    align: 'right' as const,
    paint: (text: string, row: ListedQueue) => (of(row) ? colour(text) : paint.dim(text)),
  });
  return table(
    [
      { title: 'queue', text: (row) => row.queue, shrinks: 12 },
      count('ready', ({ ready }) => ready, paint.bold),
      count('held', ({ hold, held }) => (hold === null ? null : held), paint.yellow),
      count('in flight', ({ in_flight }) => in_flight, paint.cyan),
      { ...count('delayed', ({ delayed }) => delayed, paint.cyan), yields: true },
      { ...count('dead', ({ dead_letters }) => dead_letters, paint.red) },
      { title: 'oldest', text: ({ oldest_at }) => time(oldest_at ?? undefined, context), yields: true },
      { title: 'consumers', text: consumersOf, shrinks: 9, yields: true },
    ],
    queues,
    context,
  );
};

const consumersOf = ({ consumers }: ListedQueue) => (consumers ?? []).map(({ caller }) => caller).join(', ');

export const topicListView: View<{ topics: readonly TopicState[] }> = ({ topics }, context) =>
  topics.length === 0
    ? 'There are no topics.'
    : table(
        [
          { title: 'topic', text: (row: TopicState) => row.topic, shrinks: 12 },
          {
            title: 'subscriptions',
            text: ({ subscriptions }) => subscriptions.map(({ endpoint }) => endpoint).join(', ') || '-',
            wraps: true,
          },
        ],
        topics,
        context,
      );

export const sentView: View<{ queue: string; message_id: string }> = ({ queue, message_id }, { paint }) =>
  `Sent ${paint.cyan(safe(message_id))} to ${safe(queue)}.`;

export const publishedView: View<{ topic: string; message_id: string }> = ({ topic, message_id }, { paint }) =>
  `Published ${paint.cyan(safe(message_id))} on ${safe(topic)}.`;

export const heldView: View<{ queues: readonly { queue: string; where: string | null; held: number }[] }> = ({
  queues,
}) =>
  queues
    .map(({ queue, where, held }) => {
      const of = where === null ? '' : ` where ${safe(where)}`;
      return `${safe(queue)} is held${of}: ${plural(held, 'message')} ${held === 1 ? 'waits' : 'wait'}.`;
    })
    .join('\n');

export interface ReleasedView {
  queues: readonly {
    queue: string;
    released: number;
    messages: readonly string[];
    held: number;
    hold_ended: boolean;
  }[];
}

export const releasedView: View<ReleasedView> = ({ queues }) =>
  queues
    .map(({ queue, released, messages, held, hold_ended }) => {
      if (hold_ended) return `${safe(queue)} is no longer held: ${plural(released, 'message')} released.`;
      if (released === 0) return `${safe(queue)}: no message to release.`;
      const which = messages.length === 1 ? `message ${safe(messages[0]!)}` : plural(released, 'message');
      return `${safe(queue)}: ${which} released, ${held} held.`;
    })
    .join('\n');

export const replayedView: View<{
  queue: string;
  message_id: string;
  edited: boolean;
  origin: { message_id: string; sent_at: string; sent_by: string };
}> = ({ queue, message_id, edited, origin }, context) => {
  const of = `a copy of ${safe(origin.message_id)}, sent by ${safe(origin.sent_by)} ${time(origin.sent_at, context)}`;
  return `Sent ${context.paint.cyan(safe(message_id))} to ${safe(queue)}: ${of}${edited ? ', edited' : ''}.`;
};
