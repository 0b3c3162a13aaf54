import type { FailedFact } from '../shop/storms/explore.ts';
import { FAULTS, type FaultKind } from '../shop/storms/faults.ts';
import { replayCommand } from '../shop/storms/replay.ts';
import { faultsTable } from './chaos.ts';
import type { View, ViewContext } from './context.ts';
import { duration, plural, safe } from './text.ts';

/** All seeds were tried; it stopped at the first storm that failed; or it was interrupted. */
export type ExplorationEnd = 'done' | 'failed' | 'interrupted';

/** The storms that failed, and in the end a summary. */
export type ExplorationFact =
  | (FailedFact & { handlers: string })
  | {
      kind: 'explored';
      /** The first seed. */
      from: number;
      ended: ExplorationEnd;
      seeds: number;
      failed: number;
      orders: number;
      calls: number;
      faults: Partial<Record<FaultKind, number>>;
      duration_ms: number;
    };

export const explorationView: View<ExplorationFact> = (fact, context) => {
  if (fact.kind === 'failed') return failedView(fact, context);
  const { paint } = context;
  const { seeds, from, ended, failed, orders, calls, faults, duration_ms } = fact;
  const rate = duration_ms > 0 ? `, ${((seeds * 1000) / duration_ms).toFixed(1)} a second` : '';
  const until = ended === 'interrupted' ? ' until it was interrupted' : '';
  const what = `${plural(seeds, 'storm')} from seed ${from}${until}: ${plural(orders, 'order')}, ${plural(calls, 'call')}`;
  const verdict =
    seeds === 0
      ? paint.yellow('No storm was completed.')
      : failed === 0
        ? paint.green('Nothing was lost, doubled, oversold or shipped unpaid in any of them.')
        : paint.red(`${plural(failed, 'storm')} failed.`);
  return [
    paint.bold(what) + paint.dim(`  in ${duration(duration_ms)}${rate}`),
    '',
    faultsTable(faults, context),
    '',
    verdict,
  ].join('\n');
};

/** The smallest storm: its faults, what fails, and the command that traces it. */
function failedView(
  { seed, failures, smallest, tries, handlers }: FailedFact & { handlers: string },
  { paint }: ViewContext,
) {
  const { settings, faults, audit, findings, worker_error } = smallest;
  const size = `${plural(settings.orders, 'order')}, ${plural(settings.workers, 'worker')}, ${plural(faults.length, 'fault')}`;
  const broken = audit.checks.filter(({ ok }) => !ok);
  return [
    `${paint.red(`seed ${seed} failed:`)} ${failures.join(', ')}`,
    `${paint.dim(`the smallest that fails in the same way, of ${plural(tries, 'storm')}:`)} ${size}`,
    ...faults.map(({ number, kind, detail, key }) => {
      return `  ${paint.yellow(`#${number} ${kind}`)} ${safe(`${detail} ${key}`.trim())}  ${paint.dim(FAULTS[kind].title)}`;
    }),
    ...broken.map(({ id, offenders }) => {
      const [first] = offenders;
      return `  ${paint.red('FAIL')} ${id}${first === undefined ? '' : `: ${safe(first.id)} ${safe(first.detail)}`}`;
    }),
    ...findings.map(({ flaw, evidence }) => `  ${paint.red(flaw)}: ${safe(evidence)}`),
    ...(worker_error === undefined ? [] : [`  ${paint.red('error')} ${safe(worker_error)}`]),
    `  ${paint.dim('step by step:')} ${replayCommand(settings, handlers)} --trace`,
    '',
  ].join('\n');
}
