import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';

/** Calls that wait at a rule, and those who want to know. No part of the state: a call is a connection. */
interface Waiting {
  /** Told whether the call goes on, or fails as the rule says. */
  calls: ((goesOn: boolean) => void)[];
  observers: (() => void)[];
}

const byEngine = new WeakMap<Engine, Map<number, Waiting>>();

function waitingAt(engine: Engine, id: number): Waiting {
  let byRule = byEngine.get(engine);
  if (byRule === undefined) {
    byRule = new Map();
    byEngine.set(engine, byRule);
  }
  let waiting = byRule.get(id);
  if (waiting === undefined) {
    waiting = { calls: [], observers: [] };
    byRule.set(id, waiting);
  }
  return waiting;
}

/** Keeps a call until `release` is called for its rule; resolves with whether it goes on. */
export function paused(engine: Engine, { id }: FaultRule): Promise<boolean> {
  const waiting = waitingAt(engine, id);
  return new Promise((resolve) => {
    waiting.calls.push(resolve);
    for (const told of waiting.observers.splice(0)) told();
  });
}

export const pausedCount = (engine: Engine, id: number): number => byEngine.get(engine)?.get(id)?.calls.length ?? 0;

/** Calls `told` once, when the next call waits at the rule; answers a function that cancels it. */
export function observePauses(engine: Engine, id: number, told: () => void): () => void {
  const waiting = waitingAt(engine, id);
  waiting.observers.push(told);
  return () => {
    waiting.observers = waiting.observers.filter((each) => each !== told);
  };
}

/** Ends the wait of all calls at a rule; answers how many there were. */
export function releasePaused(engine: Engine, id: number, goesOn: boolean): number {
  const calls = byEngine.get(engine)?.get(id)?.calls.splice(0) ?? [];
  for (const resolve of calls) resolve(goesOn);
  return calls.length;
}

/** For a rule that is removed: what waits at it fails as it says. */
export function forgetPaused(engine: Engine, rules: readonly FaultRule[]): void {
  for (const { id } of rules) {
    releasePaused(engine, id, false);
    byEngine.get(engine)?.delete(id);
  }
}
