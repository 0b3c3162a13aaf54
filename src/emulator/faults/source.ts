import type { Engine } from '../core/engine.ts';
import type { FaultDecision, FaultRule, FaultState } from '../core/faults.ts';
import { nextRandom, nextUuid } from '../core/random.ts';
import type { Call } from '../core/types.ts';
import { droppedAnswer } from './dropped.ts';
import { injectedError, throttlingError } from './errors.ts';
import { parseRule, reaches } from './rule.ts';

/** Makes an engine draw its faults from the rules in its state. */
export function installFaults(engine: Engine): void {
  engine.interceptor = (call, perform) =>
    engine.state.faults === undefined ? perform() : disturbed(engine, call, perform);
  engine.faults = (service, operation, point) => drawAt(engine.state.faults, service, operation, point);
}

// Faults are decided apart from ids, by a generator of their own.
const seedOf = (engine: Engine) => engine.seed ^ 0x5fa17;

/** Adds a rule; throws FaultSyntaxError when the text is none. */
export function addFault(engine: Engine, text: string): FaultRule {
  const parsed = parseRule(text, engine.services);
  const present = engine.state.faults ?? { random: seedOf(engine), made: 0, rules: [] };
  const rule: FaultRule = { id: present.made + 1, ...parsed, hits: 0 };
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
  if (removed.length > 0 || rules.length === 0) engine.setFaults(rules.length === 0 ? undefined : { ...faults, rules });
  return removed;
}

/** Starts the faults' generator from another seed; only with rules is there one. */
export function seedFaults(engine: Engine, seed: number): void {
  const { faults } = engine.state;
  if (faults !== undefined) engine.setFaults({ ...faults, random: seed | 0 });
}

/** Whether the rule strikes this time. Draws only for rules that apply and leave it to chance. */
function strikes(state: FaultState, rule: FaultRule): boolean {
  if (rule.remaining === 0) return false;
  if (rule.rate < 1 && nextRandom(state) >= rule.rate) return false;
  rule.hits++;
  if (rule.remaining !== undefined) rule.remaining--;
  return true;
}

const applies = (rule: FaultRule, service: string, operation: string) =>
  (rule.service === undefined || rule.service === service) &&
  (rule.operation === undefined || rule.operation === operation) &&
  reaches(rule.kind, service, operation);

function drawAt(
  state: FaultState | undefined,
  service: string,
  operation: string,
  point: string,
): FaultDecision | undefined {
  const rule = state?.rules.find(
    (one) => one.kind === point && applies(one, service, operation) && strikes(state, one),
  );
  return rule === undefined ? undefined : { action: rule.kind };
}

/** A call under the rules: waits out every latency, then the first error, throttling or loss decides. */
async function disturbed(engine: Engine, call: Call, perform: () => unknown): Promise<unknown> {
  const state = engine.state.faults!;
  const struck = state.rules.filter(
    (rule) =>
      rule.kind !== 'duplicate' &&
      rule.kind !== 'reorder' &&
      applies(rule, call.service, call.operation) &&
      strikes(state, rule),
  );
  if (struck.length === 0) return perform();
  engine.journal?.faultsSet(engine.clock.now(), state);
  const latency = struck.reduce((total, rule) => total + (rule.ms ?? 0), 0);
  if (latency > 0) await new Promise<void>((resolve) => engine.clock.host.after(latency, resolve));
  for (const rule of struck) {
    if (rule.kind === 'throttle') throw throttlingError(call.service, call.operation);
    if (rule.kind === 'error' && rule.when === 'before') throw injectedError(rule.code!);
    if (rule.kind === 'drop') return droppedAnswer(call.service, call.operation, call.input, () => nextUuid(state));
  }
  const answer = await perform();
  const after = struck.find((rule) => rule.kind === 'error');
  if (after !== undefined) throw injectedError(after.code!);
  return answer;
}
