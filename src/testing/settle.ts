import { type LocalWork, type Settled, settle } from '../emulator/settle/settle.ts';
import type { LabEngine } from './engine.ts';
import { LabError } from './error.ts';
import type { Invocations } from './invocations.ts';
import { type LabTime, milliseconds } from './time.ts';
import type { Duration, SettleOptions } from './types/settle.ts';

const PATIENCE_MS = 2_000;
/** More than any visibility timeout. */
const WITHIN_MS = 13 * 3_600_000;

export interface Workshop {
  lab: LabEngine;
  time: LabTime;
  invocations: Invocations;
  /** Names of the consumers of this process. */
  consumers: ReadonlySet<string>;
}

/** Lets everything be handled, or, with `until`, as much as that needs; the clock is turned meanwhile. */
export function settleLab(workshop: Workshop, options: SettleOptions, until?: () => boolean): Promise<Settled> {
  const { except = [], patience = PATIENCE_MS, within = WITHIN_MS } = options;
  return settle(workshop.lab.engine, {
    except: new Set([except].flat()),
    patienceMs: milliseconds(patience, 'patience'),
    withinMs: milliseconds(within, 'within'),
    local: localWork(workshop),
    ...(until !== undefined && { until }),
  });
}

/** Lets everything be handled that can be at the present time; false when somebody does not come to an end. */
export async function settlePresent(workshop: Workshop, patience: Duration = PATIENCE_MS): Promise<boolean> {
  const { engine } = workshop.lab;
  const about = { except: NONE, withinMs: 0, present: true, local: localWork(workshop) };
  const { reason } = await settle(engine, { ...about, patienceMs: milliseconds(patience, 'patience') });
  return reason === null;
}

const NONE: ReadonlySet<string> = new Set();

function localWork({ time, invocations, consumers }: Workshop): LocalWork {
  return {
    callers: consumers,
    atWork: () =>
      [...invocations.all].map(({ consumer, messages }) => `the handler of ${consumer}, with ${messages.join(', ')}`),
    nextWake: () => time.nextWake,
    follow: (changed) => invocations.follow(changed),
  };
}

/** What is open after a wait that was given up, in words; empty when all is done. */
export function describeOpen({ settled, reason, open, at_work }: Settled): string {
  if (settled) return '';
  const lines = [
    ...at_work.map((work) => `${work}, has not come to an end`),
    ...open.flatMap((queue) => {
      const { ready, in_flight, delayed, receivers, in_hand, never_ends } = queue;
      const counts = [
        ...(ready > 0 ? [`${ready} ready${receivers === 0 ? ', nobody receives' : ''}`] : []),
        ...(in_flight > 0 ? [`${in_flight} in flight`] : []),
        ...(delayed > 0 ? [`${delayed} delayed`] : []),
      ];
      const hands = in_hand.map(
        ({ message_id, caller, attempt }) =>
          `${queue.queue}: ${message_id} is in the hands of ${caller}, attempt ${attempt}`,
      );
      const endless = never_ends === null ? [] : [`${queue.queue}: ${never_ends} fails again and again, without end`];
      return [`${queue.queue}: ${counts.join(', ')}`, ...hands, ...endless];
    }),
  ];
  if (reason === 'far_away') lines.push('what comes next is too far away (within)');
  return lines.map((line) => `  ${line}`).join('\n');
}

/** Rejects with what is open when not everything was done. */
export function checkSettled(settled: Settled, report: () => string): void {
  if (settled.settled) return;
  const unread = settled.open.filter(({ ready, receivers }) => ready > 0 && receivers === 0).map(({ queue }) => queue);
  const hint =
    unread.length === 0
      ? ''
      : `\nIf nobody is to receive there: settled({ except: ${JSON.stringify(unread.length === 1 ? unread[0] : unread)} })`;
  throw new LabError(`not settled, still open:\n${describeOpen(settled)}${hint}\n\n${report()}`);
}
