import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import type { Call } from '../core/types.ts';

/** What a rule has met since it was made or the engine was started. No part of the state: it changes nothing. */
export interface Sightings {
  /** Calls, and entries of batches, that it could have struck. */
  seen: number;
  /** `service:Operation` -> calls to its service, counted until it could strike one of them. */
  missed: Map<string, number>;
}

const byEngine = new WeakMap<Engine, Map<number, Sightings>>();

export function sightingsOf(engine: Engine, { id }: FaultRule): Sightings {
  let byRule = byEngine.get(engine);
  if (byRule === undefined) {
    byRule = new Map();
    byEngine.set(engine, byRule);
  }
  let sightings = byRule.get(id);
  if (sightings === undefined) {
    sightings = { seen: 0, missed: new Map() };
    byRule.set(id, sightings);
  }
  return sightings;
}

export function forgetSightings(engine: Engine, rules: readonly FaultRule[]): void {
  for (const { id } of rules) byEngine.get(engine)?.delete(id);
}

/** Counts a call for the rules that could strike none so far. */
export function countMissed(engine: Engine, { service, operation }: Call): void {
  const name = `${service}:${operation}`;
  for (const rule of engine.state.faults?.rules ?? []) {
    if (rule.service !== undefined && rule.service !== service) continue;
    const { seen, missed } = sightingsOf(engine, rule);
    if (seen === 0) missed.set(name, (missed.get(name) ?? 0) + 1);
  }
}
