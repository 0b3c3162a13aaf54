import type { Lost } from './conserve.ts';
import type { Stuck } from './model.ts';
import type { Counterexample, Verdict } from './verdict.ts';

/** A counterexample as people and programs get it: without how it is brought about in the engine. */
export interface CounterexampleView
  extends Pick<
    Counterexample,
    'id' | 'experiment' | 'queue' | 'call' | 'when' | 'differences' | 'violations' | 'trace' | 'like'
  > {
  /** What was done to it: `again`, `first`, ... in the disturbance's own words. */
  kind: string;
  message_id?: string;
  poison?: { kind: string; body: string };
  stuck?: { reason: Stuck['reason']; queue: string; message_id: string; caller?: string; attempts?: number };
  swallowed: boolean;
  /** It failed once, and held when it was tried again. */
  flaky: boolean;
  lost: readonly Lost[];
  /** The command that repeats it. */
  command: string;
}

export interface VerdictView extends Omit<Verdict, 'failures'> {
  failures: CounterexampleView[];
}

/** The verdict with the commands that repeat its counterexamples; `again` makes one from a case's id. */
export const verdictDocument = (verdict: Verdict, again: (id: string) => string): VerdictView => ({
  ...verdict,
  failures: verdict.failures.map((failure) => counterexample(failure, again)),
});

function counterexample(failure: Counterexample, again: (id: string) => string): CounterexampleView {
  const { id, experiment, queue, call, when, differences, violations, trace, like, lost, stuck, poison } = failure;
  const { messageId, disturbance, together } = failure;
  return {
    ...{
      id,
      experiment,
      queue,
      kind: together === true ? 'batch' : (disturbance?.again ?? disturbance?.hands?.why ?? ''),
    },
    ...(messageId !== undefined && { message_id: messageId }),
    ...(call !== undefined && { call, when }),
    ...(poison !== undefined && { poison: { kind: poison.kind, body: poison.body } }),
    ...(stuck !== undefined && { stuck: stuckView(stuck) }),
    ...{ swallowed: failure.swallowed === true, flaky: failure.flaky === true, differences, violations, lost, like },
    ...(trace !== undefined && { trace }),
    command: again(id),
  };
}

const stuckView = ({ messageId, ...stuck }: Stuck) => ({ ...stuck, message_id: messageId });

/** The command line that tries one case with the same consumers and messages. */
export const againWith =
  (before: readonly string[], behind: readonly string[]) =>
  (id: string): string =>
    ['cliffracer', 'check', '--case', id, ...before, ...behind].map(shellWord).join(' ');

const shellWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
