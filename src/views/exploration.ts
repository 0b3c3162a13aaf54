import type { HarmFact } from '../shop/storms/explore.ts';
import { FAULTS, type FaultKind } from '../shop/storms/faults.ts';
import { replayCommand } from '../shop/storms/replay.ts';
import { faultsTable } from './chaos.ts';
import type { View, ViewContext } from './context.ts';
import { duration, plural, safe } from './text.ts';

/** All seeds were tried; it stopped at the first that did harm; or a person stopped it. */
export type ExplorationEnd = 'done' | 'harm' | 'interrupted';

/** What an exploration tells: storms that did harm, and in the end what was tried. */
export type ExplorationFact =
  | (HarmFact & { handlers: string })
  | {
      kind: 'explored';
      /** The first seed. */
      from: number;
      ended: ExplorationEnd;
      seeds: number;
      harmful: number;
      orders: number;
      calls: number;
      faults: Partial<Record<FaultKind, number>>;
      duration_ms: number;
    };

export const explorationView: View<ExplorationFact> = (fact, context) => {
  if (fact.kind === 'harm') return harmView(fact, context);
  const { paint } = context;
  const { seeds, from, ended, harmful, orders, calls, faults, duration_ms } = fact;
  const rate = duration_ms > 0 ? `, ${((seeds * 1000) / duration_ms).toFixed(1)} a second` : '';
  const until = ended === 'interrupted' ? ' until it was interrupted' : '';
  const what = `${plural(seeds, 'storm')} from seed ${from}${until}: ${plural(orders, 'order')}, ${plural(calls, 'call')}`;
  const verdict =
    seeds === 0
      ? paint.yellow('No storm was over yet.')
      : harmful === 0
        ? paint.green('Nothing was lost, doubled, oversold or shipped unpaid in any of them.')
        : paint.red(`${plural(harmful, 'storm')} did harm.`);
  return [
    paint.bold(what) + paint.dim(`  in ${duration(duration_ms)}${rate}`),
    '',
    faultsTable(faults, context),
    '',
    verdict,
  ].join('\n');
};

/** The smallest storm: each fault of it, what breaks, and how to see it happen. */
function harmView({ seed, harm, smallest, tries, handlers }: HarmFact & { handlers: string }, { paint }: ViewContext) {
  const { settings, faults, audit, findings, breakdown } = smallest;
  const size = `${plural(settings.orders, 'order')}, ${plural(settings.workers, 'worker')}, ${plural(faults.length, 'fault')}`;
  const broken = audit.checks.filter(({ ok }) => !ok);
  return [
    `${paint.red(`seed ${seed} did harm:`)} ${harm.join(', ')}`,
    `${paint.dim(`the smallest that does the same, of ${plural(tries, 'storm')}:`)} ${size}`,
    ...faults.map(({ number, kind, detail, key }) => {
      return `  ${paint.yellow(`#${number} ${kind}`)} ${safe(`${detail} ${key}`.trim())}  ${paint.dim(FAULTS[kind].title)}`;
    }),
    ...broken.map(({ id, offenders }) => {
      const [first] = offenders;
      return `  ${paint.red('FAIL')} ${id}${first === undefined ? '' : `: ${safe(first.id)} ${safe(first.detail)}`}`;
    }),
    ...findings.map(({ flaw, evidence }) => `  ${paint.red(flaw)}: ${safe(evidence)}`),
    ...(breakdown === undefined ? [] : [`  ${paint.red('error')} ${safe(breakdown)}`]),
    `  ${paint.dim('step by step:')} ${replayCommand(settings, handlers)} --trace`,
    '',
  ].join('\n');
}
