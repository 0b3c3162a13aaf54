import type { Finding } from '../shop/storms/diagnosis.ts';
import { FAULT_KINDS, FAULTS, type FaultKind } from '../shop/storms/faults.ts';
import type { StormReport } from '../shop/storms/storm.ts';
import type { TraceFact } from '../shop/storms/trace.ts';
import { auditOfThePastView } from './audit.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { duration, plural, safe } from './text.ts';

/** The result of a storm. */
export type StormFact = { kind: 'storm'; ok: boolean; handlers: string; command: string } & StormReport;

/** One call, or a fault before it: time, process, call and outcome. */
export const traceView: View<TraceFact> = ({ at, actor, caller: line, call, subject, outcome, fault }, { paint }) => {
  const who = actor.startsWith('customer') ? actor : `${actor} ${line}`;
  const what = subject === '' ? call : `${call} ${safe(subject)}`;
  const told = outcome === undefined ? '' : paint.dim(`  ${safe(outcome)}`);
  const struck = fault === undefined ? '' : paint.yellow(`  #${fault.number} ${fault.kind} ${fault.detail}`.trimEnd());
  return `${paint.dim(duration(at).padStart(8))}  ${who.padEnd(20)}  ${what}${told}${struck}`;
};

/** The injected faults, the audit, the flaws of the handlers, and the command that repeats the storm. */
export const stormView: View<StormFact> = (report, context) => {
  const { paint } = context;
  const { settings, calls, duration_ms, faults, audit, findings } = report;
  const storm = `${plural(settings.orders, 'order')}, ${plural(settings.workers, 'worker')}, seed ${settings.seed}`;
  const lasted = `${plural(calls, 'call')} in ${duration(duration_ms)} of the engine's time`;
  return [
    paint.bold(`A storm over ${storm}`) + paint.dim(`  ${lasted}`),
    '',
    faultsTable(faultCountsOf(report), context),
    '',
    afterwards(report),
    '',
    auditOfThePastView(audit, context),
    ...troubles(report, context),
    ...(findings.length > 0 ? ['', flawsView(findings, context)] : []),
    '',
    verdictOf(report, context),
    paint.dim(`${plural(faults.length, 'fault')}; again: ${report.command}`),
  ].join('\n');
};

type Counts = Partial<Record<FaultKind, number>>;

export function faultsTable(counts: Counts, context: ViewContext): string {
  const rows = FAULT_KINDS.filter((kind) => (counts[kind] ?? 0) > 0);
  if (rows.length === 0) return context.paint.dim('Nothing was injected.');
  return table(
    [
      { title: 'fault', text: (kind: FaultKind) => kind, paint: (text) => context.paint.yellow(text) },
      { title: 'what happened', text: (kind) => FAULTS[kind].title, wraps: true },
      { title: 'times', text: (kind) => String(counts[kind] ?? 0), align: 'right' },
    ],
    rows,
    context,
  );
}

function faultCountsOf({ faults }: Pick<StormReport, 'faults'>): Counts {
  const counts: Counts = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The recovery actions after the storm, each with the command that does it. */
function afterwards({ redriven, discarded, retried, republished }: StormReport): string {
  const done = [
    redriven > 0 && `${plural(redriven, 'dead letter')} redriven (dlq redrive)`,
    discarded > 0 && `${discarded} unreadable removed (dlq purge)`,
    retried > 0 && `${plural(retried, 'payment')} retried (order retry)`,
    republished > 0 && `${plural(republished, 'event')} published that a killed process had not (audit --repair)`,
  ].filter((part) => part !== false);
  return done.length === 0 ? 'No recovery was needed.' : `Recovery: ${done.join('; ')}.`;
}

function troubles({ settled, worker_error }: StormReport, { paint }: ViewContext): string[] {
  return [
    ...(settled ? [] : ['', paint.red('The storm did not settle: some message is delivered for ever.')]),
    ...(worker_error === undefined ? [] : ['', paint.red(`A worker ended with an error: ${safe(worker_error)}`)]),
  ];
}

function flawsView(findings: readonly Finding[], { paint }: ViewContext): string {
  const named = findings.flatMap(({ flaw, title, evidence, orders, instead }) => [
    `${paint.red(flaw)}: ${title}`,
    `  ${paint.dim('seen')}     ${safe(evidence)}`,
    ...(orders.length === 0 ? [] : [`  ${paint.dim('orders')}   ${orders.map(safe).join(', ')}`]),
    `  ${paint.dim('instead')}  ${instead}`,
  ]);
  return [paint.bold('Flaws of the handlers'), ...named].join('\n');
}

function verdictOf({ ok, findings }: StormFact, { paint }: ViewContext): string {
  if (ok) return paint.green('Nothing was lost, doubled, oversold or shipped unpaid.');
  const flaws = findings.length === 0 ? '' : ` ${plural(findings.length, 'flaw')} named.`;
  return paint.red(`The storm failed.${flaws}`);
}
