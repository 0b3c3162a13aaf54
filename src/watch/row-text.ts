import type { ViewContext } from '../views/context.ts';
import { callCells, consumerCells, eventCells, queueCells, queueHeading, queueVersion } from './cells.ts';
import { fitted, fittedLine } from './fit.ts';
import { remembered } from './remembered.ts';
import type { Row } from './rows.ts';

/** What every row depends on: its width, and whether there are colours. */
export const versionOf = (width: number, { paint }: ViewContext) => `${width} ${paint.red('x')} `;

/** A row of a list in exactly so many columns. */
export function rowText(row: Row, width: number, version: string, context: ViewContext): string {
  const made = (of: object, more: string, make: () => string) =>
    remembered(of, version + more, () => fittedLine(make(), width));
  switch (row.kind) {
    case 'heading':
      return row.text === 'QUEUES'
        ? fittedLine(queueHeading(row.text, width, context), width)
        : context.paint.dim(fitted(row.text, width));
    case 'queue':
      return made(row.queue, queueVersion(row.queue, context.now), () => queueCells(row.queue, width, context));
    case 'topic':
      return fitted(`${row.topic.name} -> ${row.topic.subscriptions.length}`, width);
    case 'consumer':
      return fittedLine(consumerCells(row.consumer, width, context), width);
    case 'event':
      return made(row.event, '', () => eventCells(row.event, width, context));
    case 'call':
      return made(row.call, '', () => callCells(row.call, width, context));
    case 'entry':
      return fitted(row.entry.cells.join('  '), width);
  }
}
