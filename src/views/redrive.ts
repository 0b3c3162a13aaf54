import type { RedriveReport } from '../lab/dead-letters/redrive-facts.ts';
import type { View, ViewContext } from './context.ts';
import { type Column, table } from './table.ts';
import { duration, plural, safe } from './text.ts';

export type ShownRedrive = Omit<RedriveReport, 'sample'> & {
  sample: readonly {
    message_id: string;
    event_type: string | undefined;
    order_id: string | undefined;
    reason: string | undefined;
    attempts: number;
  }[];
};

const WAYS: Readonly<Record<RedriveReport['way'], string>> = {
  move_task: "by the engine's own move task",
  receive_send_delete: 'received, sent with all attributes, deleted, in that order',
};

/** What was moved, by which way, and what a crash on that way does. */
export const redriveView: View<ShownRedrive> = (report, context) => {
  const { paint } = context;
  const { queue, to, way, dry_run, moved, skipped, remaining, failed, duplicates, failures } = report;
  const verb = dry_run ? 'would be moved' : 'moved';
  const took = dry_run ? '' : paint.dim(` in ${duration(report.duration_ms)}`);
  const kept = skipped === 0 ? '' : `; ${plural(skipped, 'other')} ${skipped === 1 ? 'does' : 'do'} not match`;
  const mark = dry_run ? '' : `${(failed > 0 ? paint.yellow : paint.green)(failed > 0 ? '!' : '✓')} `;
  return [
    `${mark}${paint.bold(plural(moved, 'message'))} ${verb} from ${queue} to ${to}${took}${kept}`,
    ...(report.sample.length > 0 && dry_run ? ['', sampleTable(report, context), ''] : []),
    `  ${paint.dim('way')}      ${WAYS[way]}`,
    `  ${paint.dim('a crash')}  ${report.after_a_crash}`,
    ...(failed > 0 ? [paint.red(`  ${plural(failed, 'message')} could not be moved:`)] : []),
    ...failures.map(({ message_id, code, message }) => `    ${safe(message_id)}  ${safe(code)}: ${safe(message)}`),
    ...(duplicates > 0
      ? [paint.yellow(`  ${plural(duplicates, 'message')} sent and not deleted: in both queues now`)]
      : []),
    ...report.unknown_fields.map((field) => paint.yellow(`  no message has a field "${safe(field)}"`)),
    ...(report.ended === 'interrupted' ? [paint.yellow('  Interrupted: the others are where they were.')] : []),
    ...(dry_run
      ? []
      : [remaining === 0 ? paint.dim(`  ${queue} is empty.`) : `  ${plural(remaining, 'message')} in ${queue}`]),
    ...(context.terminal && !dry_run && moved > 0 ? [paint.dim('  Next: cliffracer drain')] : []),
  ].join('\n');
};

/** What the shop's messages are about. */
const ABOUT: Column<ShownRedrive['sample'][number]>[] = [
  { title: 'event', text: (row) => row.event_type ?? '-', yields: true },
  { title: 'order', text: (row) => row.order_id ?? '-', yields: true },
];

const sampleTable = ({ sample, moved }: ShownRedrive, context: ViewContext): string => {
  const about = sample.some(({ event_type, order_id }) => event_type !== undefined || order_id !== undefined);
  const grid = table(
    [
      { title: 'message', text: (row: ShownRedrive['sample'][number]) => row.message_id },
      ...(about ? ABOUT : []),
      { title: 'reason', text: (row) => row.reason ?? '-', shrinks: true },
      { title: 'attempts', text: (row) => String(row.attempts), align: 'right' },
    ],
    sample,
    context,
  );
  return moved > sample.length ? `${grid}\n${context.paint.dim(`and ${moved - sample.length} more`)}` : grid;
};

export const purgedView: View<{ queue: string; purged: number }> = ({ queue, purged }, { paint }) =>
  `${paint.green('✓')} ${paint.bold(plural(purged, 'message'))} of ${queue} deleted`;
