import type { View } from './context.ts';
import { table } from './table.ts';
import { plural } from './text.ts';

export interface QueueRow {
  queue: string;
  ready: number;
  in_flight: number;
  delayed: number;
  dead_lettered: number;
}

export const queuesView: View<{ queues: readonly QueueRow[] }> = ({ queues }, context) => {
  const { paint } = context;
  const count = (title: string, of: (row: QueueRow) => number, colour: (text: string) => string) => ({
    title,
    text: (row: QueueRow) => String(of(row)),
    align: 'right' as const,
    paint: (text: string, row: QueueRow) => (of(row) === 0 ? paint.dim(text) : colour(text)),
  });
  const grid = table(
    [
      { title: 'queue', text: (row) => row.queue, shrinks: 10 },
      count('ready', (row) => row.ready, paint.bold),
      count('in flight', (row) => row.in_flight, paint.cyan),
      count('delayed', (row) => row.delayed, paint.cyan),
      count('dead-lettered', (row) => row.dead_lettered, paint.red),
    ],
    queues,
    context,
  );
  const dead = queues.reduce((sum, row) => sum + row.dead_lettered, 0);
  if (dead === 0) return grid;
  return `${grid}\n${paint.red(`${plural(dead, 'message')} could not be handled and ${dead === 1 ? 'waits' : 'wait'} in a dead-letter queue.`)}`;
};
