import type { Finding } from '../shop/storms/diagnosis.ts';
import { FAULT_KINDS, FAULTS, type FaultKind } from '../shop/storms/faults.ts';
import type { StormReport } from '../shop/storms/storm.ts';
import type { TraceFact } from '../shop/storms/trace.ts';
import { auditOfThePastView } from './audit.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { duration, plural, safe } from './text.ts';

/** What came of a storm. */
export type StormFact = { kind: 'storm'; ok: boolean; handlers: string; command: string } & StormReport;

/** One call, or a fault before it: when, who, what, and what came of it. */
export const traceView: View<TraceFact> = ({ at, actor, line, call, subject, outcome, fault }, { paint }) => {
  const who = actor.startsWith('customer') ? actor : `${actor} ${line}`;
  const what = subject === '' ? call : `${call} ${safe(subject)}`;
  const told = outcome === undefined ? '' : paint.dim(`  ${safe(outcome)}`);
  const struck = fault === undefined ? '' : paint.yellow(`  #${fault.number} ${fault.kind} ${fault.detail}`.trimEnd());
  return `${paint.dim(duration(at).padStart(8))}  ${who.padEnd(20)}  ${what}${told}${struck}`;
};

/** What was injected, what the audit says, what is wrong with the handlers, and how to repeat it. */
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

/** What was done by hand when the storm was over, each with the command that does it. */
function afterwards({ redriven, discarded, retried, mended }: StormReport): string {
  const done = [
    redriven > 0 && `${plural(redriven, 'dead letter')} sent back (dlq redrive)`,
    discarded > 0 && `${discarded} that no service can read removed (dlq purge)`,
    retried > 0 && `${plural(retried, 'payment')} tried again (order retry)`,
    mended > 0 && `${plural(mended, 'event')} published that a dead process had not come to (audit --repair)`,
  ].filter((part) => part !== false);
  return done.length === 0 ? 'Nothing was left to do by hand.' : `Afterwards: ${done.join('; ')}.`;
}

function troubles({ came_to_rest, breakdown }: StormReport, { paint }: ViewContext): string[] {
  return [
    ...(came_to_rest ? [] : ['', paint.red('The storm did not come to rest: some message is handled for ever.')]),
    ...(breakdown === undefined ? [] : ['', paint.red(`A worker ended with an error: ${safe(breakdown)}`)]),
  ];
}

function flawsView(findings: readonly Finding[], { paint }: ViewContext): string {
  const named = findings.flatMap(({ flaw, title, evidence, orders, instead }) => [
    `${paint.red(flaw)}: ${title}`,
    `  ${paint.dim('seen')}     ${safe(evidence)}`,
    ...(orders.length === 0 ? [] : [`  ${paint.dim('orders')}   ${orders.map(safe).join(', ')}`]),
    `  ${paint.dim('instead')}  ${instead}`,
  ]);
  return [paint.bold('What is wrong with the handlers'), ...named].join('\n');
}

function verdictOf({ ok, findings }: StormFact, { paint }: ViewContext): string {
  if (ok) return paint.green('Nothing was lost, doubled, oversold or shipped unpaid.');
  const flaws = findings.length === 0 ? '' : ` ${plural(findings.length, 'flaw')} named.`;
  return paint.red(`The storm did harm.${flaws}`);
}
