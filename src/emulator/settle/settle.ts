import type { Engine } from '../core/engine.ts';
import { systemLoop } from '../core/host.ts';
import { type OpenQueue, openQueues } from './open.ts';

/** What works on messages in the engine's own process, and can tell when it is at work. */
export interface LocalWork {
  /** Callers of whose work `atWork` tells. */
  callers: ReadonlySet<string>;
  /** What is at work now, in words. */
  atWork(): string[];
  /** Engine time at which something that sleeps goes on; undefined when nothing does. */
  nextWake(): number | undefined;
  /** Calls `changed` once, with the next end of some work; answers a function that cancels it. */
  follow(changed: () => void): () => void;
}

export interface SettleOptions {
  /** Names of queues that need not be empty. */
  except: ReadonlySet<string>;
  /** Real milliseconds without any call after which there is no more hope. */
  patienceMs: number;
  /** Engine time that may pass until the next thing happens; what is farther away is not waited for. */
  withinMs: number;
  /** Ends when nobody is at work: the clock stays, and who is not there is not waited for. */
  present?: boolean;
  local?: LocalWork;
  /** Ends it before everything is done. */
  until?: () => boolean;
  signal?: AbortSignal | undefined;
}

export interface Settled {
  settled: boolean;
  /** Why not: nothing happened for `patienceMs`, a message fails again and again, or the next thing is too far away. */
  reason: 'stands_still' | 'never_ends' | 'far_away' | 'aborted' | null;
  open: OpenQueue[];
  at_work: string[];
}

/** Real milliseconds without a call, after which a caller that is not known better is taken to have finished. */
const QUIET_MS = 100;

/**
 * Lets the programs that receive from queues handle everything, and turns the clock to where hidden messages become visible,
 * until all queues are empty, no message is in anybody's hands and nobody is at work. The engine keeps a call log.
 */
export async function settle(engine: Engine, options: SettleOptions): Promise<Settled> {
  for (;;) {
    // What was woken gets its turn, and with it everything that follows without waiting for the world outside.
    await new Promise<void>((resolve) => systemLoop.nextTurn(resolve));
    engine.settle();
    const look = lookAt(engine, options);
    const end = (reason: Settled['reason']): Settled => {
      return { settled: reason === null, reason, open: look.open, at_work: look.atWork };
    };
    if (options.until?.()) return end(null);
    if (options.signal?.aborted) return end('aborted');
    if (look.busy) {
      if (!(await change(engine, options, options.patienceMs))) return end('stands_still');
      continue;
    }
    if (look.unsure && (await change(engine, options, QUIET_MS))) continue;
    if (look.open.length === 0 || options.present) return end(null);
    if (look.open.some(({ never_ends }) => never_ends !== null)) return end('never_ends');
    if (look.nextAt === undefined || look.nextAt - engine.clock.now() > options.withinMs) return end('far_away');
    engine.advanceTo(look.nextAt);
  }
}

interface Look {
  open: OpenQueue[];
  atWork: string[];
  /** Somebody is at work, or should be. */
  busy: boolean;
  /** Somebody may be. */
  unsure: boolean;
  nextAt: number | undefined;
}

const NOBODY: ReadonlySet<string> = new Set();

function lookAt(engine: Engine, { except, local, present }: SettleOptions): Look {
  const { inHand, unsure } = engine.calls!.deliveries.openWork(local?.callers ?? NOBODY);
  const found = [...openQueues(engine, except, inHand)];
  const open = found.map((each) => each.open);
  const atWork = local?.atWork() ?? [];
  const wake = local?.nextWake();
  const times = [...found.map(({ nextAt }) => nextAt), wake].filter((at) => at !== undefined);
  const nextAt = times.length === 0 ? undefined : Math.min(...times);
  const asked = engine.waiters.requests - engine.waiters.size;
  const working = atWork.length > 0 || asked > 0 || open.some(({ in_hand: own }) => own.length > 0);
  // A receiver that is not there, unless it pauses, and comes by the clock.
  const unreceived = wake === undefined && open.some(({ ready, receivers }) => ready > 0 && receivers === 0);
  // Messages that a receiver does not get, and nothing that the clock could change.
  const stuck = open.length > 0 && nextAt === undefined;
  return { open, atWork, busy: working || (!present && (unreceived || stuck)), unsure, nextAt };
}

/** Waits for the next call, poll or end of some work; false when there was none for so many real milliseconds. */
function change({ calls, waiters }: Engine, { local, signal }: SettleOptions, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancels: (() => void)[] = [];
    const end = (changed: boolean) => () => {
      for (const cancel of cancels) cancel();
      signal?.removeEventListener('abort', aborted);
      resolve(changed);
    };
    const changed = end(true);
    const aborted = end(true);
    cancels.push(calls!.follow(changed), waiters.observe(changed), systemLoop.after(ms, end(false)));
    if (local !== undefined) cancels.push(local.follow(changed));
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
