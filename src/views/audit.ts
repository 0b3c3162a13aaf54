import type { AuditReport } from '../shop/audit/audit.ts';
import type { Check } from '../shop/audit/checks.ts';
import type { ServiceBalance } from '../shop/audit/conservation.ts';
import type { RepairFact, RepairSummary } from '../shop/audit/repair.ts';
import type { Palette, View, ViewContext } from './context.ts';
import { commandOf } from './remedy.ts';
import { type Column, table } from './table.ts';
import { plural, safe } from './text.ts';

/** What `audit` tells; `at` where it is one of many. */
export type AuditFact = ({ kind: 'audit'; at?: string } & AuditReport) | RepairFact;

export const auditFactView: View<AuditFact> = (fact, context) => {
  const { paint } = context;
  switch (fact.kind) {
    case 'audit':
      return fact.at === undefined ? auditView(fact, context) : `${paint.bold(fact.at)}\n${auditView(fact, context)}\n`;
    case 'repaired':
      return `${paint.green('✓')} ${safe(fact.order_id)}  ${fact.published.join(', ')} published again: ${safe(fact.reason)}`;
    case 'not_repaired':
      return `${paint.yellow('!')} ${safe(fact.order_id)}  not repaired: ${safe(fact.reason)}   ${fact.remedy ? safe(commandOf(fact.remedy)) : ''}`;
    case 'repair':
      return repairView(fact, context);
  }
};

const RESULTS: Readonly<Record<Check['result'], readonly [word: string, colour: keyof Palette]>> = {
  pass: ['PASS', 'green'],
  fail: ['FAIL', 'red'],
  pending: ['WAIT', 'yellow'],
};

/** Every invariant with what was examined, then what offends and how to look at it. */
export const auditView: View<AuditReport> = (report, context) =>
  [auditResultView(report, context) + nextOf(report), ...notesOf(report, context)].join('\n');

/** The same of an engine that is gone: no command can look at it, or repair it, any more. */
export const auditOfThePastView: View<AuditReport> = (report, context) => {
  const checks = report.checks.map((check) => ({ ...check, offenders: check.offenders.slice(0, SHOWN_OF_THE_PAST) }));
  return [auditResultView({ ...report, checks }, context, true), ...notesOf(report, context)].join('\n');
};

const SHOWN_OF_THE_PAST = 3;
/** Columns below which an invariant has the room of its id: one of them is named in full where it does not hold. */
const ROOM_FOR_IDS = 72;

const notesOf = ({ notes }: AuditReport, { paint }: ViewContext) =>
  notes.map((note) => paint.yellow(`note: ${safe(note)}`));

function auditResultView(report: AuditReport, context: ViewContext, gone = false): string {
  const { paint } = context;
  const grid = table(
    [
      {
        title: '',
        text: (check: Check) => RESULTS[check.result][0],
        paint: (text, { result }) => paint[RESULTS[result][1]](text),
      },
      { title: 'invariant', text: (check) => check.title, wraps: true },
      { title: 'examined', text: (check) => String(check.examined), align: 'right' },
      ...(context.width < ROOM_FOR_IDS
        ? []
        : [{ title: 'id', text: (check: Check) => check.id, paint: (text: string) => paint.dim(text) }]),
    ],
    report.checks,
    context,
  );
  return [
    grid,
    '',
    deliveriesTable(report.deliveries, context),
    ...report.checks.filter(({ ok }) => !ok).flatMap((check) => offendersOf(check, context, gone)),
    '',
    verdictOf(report, context),
  ].join('\n');
}

function deliveriesTable(deliveries: readonly ServiceBalance[], context: ViewContext): string {
  const { paint } = context;
  const count = (
    title: string,
    of: (row: ServiceBalance) => number,
    colour: keyof Palette,
  ): Column<ServiceBalance> => ({
    title,
    text: (row) => String(of(row)),
    align: 'right',
    paint: (text, row) => paint[of(row) === 0 ? 'dim' : colour](text),
  });
  return table(
    [
      { title: 'deliveries to', text: (row) => row.service },
      count('due', (row) => row.due, 'bold'),
      count('handled', (row) => row.handled, 'green'),
      count('waiting', (row) => row.waiting, 'cyan'),
      count('dead-lettered', (row) => row.dead_lettered, 'red'),
      count('lost', (row) => row.lost, 'red'),
    ],
    deliveries,
    context,
  );
}

function offendersOf({ id, result, violations, offenders }: Check, { paint }: ViewContext, gone: boolean): string[] {
  const [word, colour] =
    result === 'fail'
      ? [plural(violations, 'violation'), 'red' as const]
      : [`${violations} not yet`, 'yellow' as const];
  const named = offenders.map(
    ({ id, detail, remedy }) => [`  ${safe(id)}: ${safe(detail)}`, gone ? '' : commandOf(remedy)] as const,
  );
  const widest = Math.max(...named.map(([text]) => text.length));
  const more = violations - offenders.length;
  return [
    '',
    paint[colour](`${id}: ${word}`),
    ...named.map(([text, command]) => (command === '' ? text : `${text.padEnd(widest)}   ${paint.dim(safe(command))}`)),
    ...(more > 0 ? [paint.dim(`  and ${more} more`)] : []),
  ];
}

function verdictOf({ verdict, checks, orders }: AuditReport, { paint }: ViewContext): string {
  const failed = checks.filter(({ result }) => result === 'fail').length;
  switch (verdict) {
    case 'holds':
      return paint.green(`All ${checks.length} invariants hold for ${plural(orders, 'order')}.`);
    case 'violated':
      return paint.red(`${failed} of ${checks.length} invariants do not hold.`);
    case 'not_settled':
      return paint.yellow('Messages are still on their way.');
  }
}

function nextOf({ verdict, deliveries }: AuditReport): string {
  if (verdict === 'not_settled') return ' Next: cliffracer drain, then look again.';
  const lost = verdict === 'violated' && deliveries.some((row) => row.lost > 0);
  return lost ? ' What was lost: cliffracer audit --repair' : '';
}

function repairView(summary: RepairSummary, { paint }: ViewContext): string {
  const { orders, events, not_repaired, left_alone, warnings } = summary;
  const lines: string[] = [''];
  if (orders > 0) {
    lines.push(
      `${paint.green(`${plural(events, 'event')} of ${plural(orders, 'order')} published again.`)} Next: cliffracer drain, then cliffracer audit`,
    );
  } else lines.push(paint.dim('There was nothing that publishing again would repair.'));
  if (not_repaired > 0) lines.push(paint.yellow(`${plural(not_repaired, 'order')} not repaired.`));
  if (left_alone.length > 0) {
    const what = `Messages wait for ${left_alone.join(', ')}; what is missing may be among them.`;
    lines.push(paint.yellow(`${what} First: cliffracer drain`));
  }
  return [...lines, ...warnings.map((warning) => paint.yellow(`warning: ${safe(warning)}`))].join('\n');
}
