import { CliffracerError } from '../../../errors.ts';
import { check } from '../../../lab/check/check.ts';
import { type VerdictView, verdictDocument } from '../../../lab/check/document.ts';
import type { CheckOptions } from '../../../lab/check/options.ts';
import { EXPERIMENTS, type Experiment } from '../../../lab/check/plan.ts';
import { type ConsoleDeps, onLaboratory, type Routes, reads, writes } from '../deps.ts';

const MOST_RUNS = 1_000;
const PATIENCE_MS = 15_000;

/** The check that runs, or the last one. */
export interface CheckState {
  running: boolean;
  experiments: readonly Experiment[];
  cases: number | null;
  tried: number;
  failed: string[];
  verdict: VerdictView | null;
  error: string | null;
}

/** `check`: how it stands; `check/start`, `check/stop`. Its consumers are whatever polls. */
export function checkRoutes({ world }: ConsoleDeps, ends: AbortSignal): Routes {
  let state: CheckState | undefined;
  let stopping = new AbortController();

  async function run(current: CheckState, only: readonly Experiment[], maxRuns: number): Promise<void> {
    try {
      const signal = AbortSignal.any([stopping.signal, ends]);
      const options: CheckOptions = {
        ...{ only, maxRuns, ignore: [], signal, patienceMs: PATIENCE_MS, watches: true },
        isOver: () => signal.aborted,
      };
      const verdict = await check(world, options, (fact) => {
        if (fact.kind === 'planned') current.cases = Math.min(fact.cases, maxRuns);
        if (fact.kind !== 'case') return;
        current.tried++;
        if (!fact.held) current.failed.push(fact.id);
      });
      current.verdict = verdictDocument(verdict, (id) => `cliffracer check --running --case ${id}`);
    } catch (error) {
      current.error = (error as Error).message;
    } finally {
      current.running = false;
    }
  }

  return onLaboratory({
    check: reads(() => ({ experiments: EXPERIMENTS, check: state ?? null })),
    'check/start': writes((input) => {
      if (state?.running) throw new CliffracerError('conflict', 'a check runs already');
      const wanted = input.texts('only');
      const experiments = EXPERIMENTS.filter((each) => wanted.length === 0 || wanted.includes(each));
      stopping = new AbortController();
      state = { running: true, experiments, cases: null, tried: 0, failed: [], verdict: null, error: null };
      void run(state, experiments, Math.max(1, input.maybeCount('max_runs', MOST_RUNS) ?? MOST_RUNS));
      return { check: state };
    }),
    'check/stop': writes(() => {
      stopping.abort();
      return { check: state ?? null };
    }),
  });
}
