import { nextRandom } from '../../hash.ts';
import { resourcesIn } from '../calls/resources.ts';
import type { EffectSink } from '../core/effects.ts';
import type { Engine } from '../core/engine.ts';
import type { FaultDecision, FaultRule } from '../core/faults.ts';
import type { Call } from '../core/types.ts';
import { batchOf } from './batches.ts';
import { reaches } from './rule.ts';
import { sightingsOf } from './sightings.ts';

/** Whether the rule strikes this time. Draws only for rules that apply and leave it to chance. */
export function strikes(engine: Engine, rule: FaultRule, log?: EffectSink): boolean {
  if (rule.remaining === 0) return false;
  sightingsOf(engine, rule).seen++;
  if (rule.skip !== undefined && rule.skip > 0) {
    rule.skip--;
    return false;
  }
  if (rule.rate < 1 && nextRandom(engine.state.faults!) >= rule.rate) return false;
  rule.struck++;
  log?.struck(rule);
  if (rule.remaining !== undefined) rule.remaining--;
  return true;
}

/** Calls by which a consumer asks for work: no part of handling a message. */
const ASKING = new Set(['ReceiveMessage', 'GetQueueUrl']);

/** Whether a rule for one message's deliveries is for a call by this caller. */
const isOfDelivery = (engine: Engine, { message }: FaultRule, { operation, log, traceHeader }: Call): boolean =>
  message === undefined ||
  (!ASKING.has(operation) && engine.calls?.deliveries.has(message, log?.caller, traceHeader) === true);

/** Whether a rule for some deliveries or one resource is for this call. */
export const concerns = (engine: Engine, rule: FaultRule, call: Call): boolean =>
  isOfDelivery(engine, rule, call) && (rule.resource === undefined || names(call, rule.resource));

const names = ({ service, input }: Call, resource: string): boolean =>
  resourcesIn(service, input).some((each) => each === resource || each.startsWith(`${resource}/`));

/** The rule that has cut off whoever makes this call. */
export const cutOffBy = (engine: Engine, rules: readonly FaultRule[], call: Call): FaultRule | undefined =>
  rules.find((rule) => rule.cut === true && rule.struck > 0 && isOfDelivery(engine, rule, call));

export const applies = (rule: FaultRule, service: string, operation: string) =>
  (rule.service === undefined || rule.service === service) &&
  (rule.operation === undefined || rule.operation === operation) &&
  reaches(rule.kind, service, operation);

export function drawAt(engine: Engine, service: string, operation: string, point: string): FaultDecision | undefined {
  const part = batchOf(service, operation)?.part;
  const rule = engine.state.faults?.rules.find(
    (one) =>
      one.kind === point &&
      one.message === undefined &&
      (applies(one, service, operation) || (part !== undefined && applies(one, service, part))) &&
      strikes(engine, one),
  );
  return rule === undefined ? undefined : { action: rule.kind, rule };
}

/** Kinds that work at a point inside an operation, which draws for them itself. */
export const strikesInside = ({ kind }: FaultRule) => kind === 'duplicate' || kind === 'reorder';
