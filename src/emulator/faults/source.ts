import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import { disturbed } from './disturb.ts';
import { forgetPaused } from './paused.ts';
import { parseRule } from './rule.ts';
import { forgetSightings } from './sightings.ts';
import { drawAt } from './strike.ts';

/** Makes an engine draw its faults from the rules in its state. */
export function installFaults(engine: Engine): void {
  engine.interceptor = (call, perform) =>
    engine.state.faults === undefined ? perform() : disturbed(engine, call, perform);
  engine.faults = (service, operation, point) => drawAt(engine, service, operation, point);
}

// Faults are decided apart from ids, by a generator of their own.
const seedOf = (engine: Engine) => engine.seed ^ 0x5fa17;

/** What narrows a rule, or changes what it does, beside its text. */
export type FaultScope = Pick<FaultRule, 'message' | 'resource' | 'skip' | 'cut' | 'pause'>;

/** Adds a rule; throws FaultSyntaxError when the text is none. */
export function addFault(engine: Engine, text: string, scope: FaultScope = {}): FaultRule {
  const parsed = parseRule(text, engine.services);
  const present = engine.state.faults ?? { random: seedOf(engine), made: 0, rules: [] };
  const rule: FaultRule = { id: present.made + 1, ...parsed, ...scope, struck: 0 };
  engine.setFaults({ ...present, made: rule.id, rules: [...present.rules, rule] });
  return rule;
}

export const listFaults = (engine: Engine): readonly FaultRule[] => engine.state.faults?.rules ?? [];

/** Removes one rule, or all; returns those removed. Without rules, the next ones start from the seed again. */
export function clearFaults(engine: Engine, id?: number): FaultRule[] {
  const { faults } = engine.state;
  if (faults === undefined) return [];
  const removed = faults.rules.filter((rule) => id === undefined || rule.id === id);
  const rules = faults.rules.filter((rule) => !removed.includes(rule));
  forgetSightings(engine, removed);
  forgetPaused(engine, removed);
  if (removed.length > 0 || rules.length === 0) engine.setFaults(rules.length === 0 ? undefined : { ...faults, rules });
  return removed;
}

/** Starts the faults' generator from another seed; only with rules is there one. */
export function seedFaults(engine: Engine, seed: number): void {
  const { faults } = engine.state;
  if (faults !== undefined) engine.setFaults({ ...faults, random: seed | 0 });
}
