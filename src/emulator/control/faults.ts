import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import { FaultSyntaxError } from '../faults/rule.ts';
import { sightingsOf } from '../faults/sightings.ts';
import { addFault, clearFaults, listFaults, seedFaults } from '../faults/source.ts';
import { badRequest, type ControlRoutes, notFound } from './routing.ts';

const MOST_RULES = 100;

/** `/_cliffracer/faults`: the rules of fault injection. */
export function faultRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': () => ({ faults: listFaults(engine).map(described(engine)) }),
    'POST /': ({ body }) => ({ fault: described(engine)(add(engine, body)) }),
    'DELETE /': () => ({ removed: removed(engine) }),
    'DELETE /{id}': ({ params }) => {
      const id = /^\d{1,9}$/.test(params.id!) ? Number(params.id) : Number.NaN;
      if (!listFaults(engine).some((rule) => rule.id === id)) {
        throw notFound(`no such fault rule: ${params.id!.slice(0, 40)}`);
      }
      return { removed: removed(engine, id) };
    },
  };
}

function add(engine: Engine, { rule, seed, message, skip }: Record<string, unknown>): FaultRule {
  if (typeof rule !== 'string') throw badRequest("rule must be text such as 'sqs:DeleteMessage drop 1'");
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw badRequest('seed must be a whole number');
  if (message !== undefined && typeof message !== 'string') throw badRequest('message must be the id of a message');
  if (skip !== undefined && !(Number.isSafeInteger(skip) && Number(skip) >= 0)) {
    throw badRequest('skip must be a whole number of calls');
  }
  if (listFaults(engine).length >= MOST_RULES) throw badRequest(`there are ${MOST_RULES} fault rules already`);
  try {
    const added = addFault(engine, rule, {
      ...(message !== undefined && { message }),
      ...(skip !== undefined && { skip: Number(skip) }),
    });
    if (seed !== undefined) seedFaults(engine, seed as number);
    return added;
  } catch (error) {
    if (error instanceof FaultSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

/** Removes one rule, or all; described as they were. */
function removed(engine: Engine, id?: number): unknown[] {
  const rules = listFaults(engine).filter((rule) => id === undefined || rule.id === id);
  const before = rules.map(described(engine));
  clearFaults(engine, id);
  return before;
}

const described = (engine: Engine) => (rule: FaultRule) => {
  const { seen, missed } = sightingsOf(engine, rule);
  return {
    id: rule.id,
    rule: rule.text,
    service: rule.service ?? null,
    operation: rule.operation ?? null,
    kind: rule.kind,
    code: rule.code ?? null,
    latency_ms: rule.ms ?? null,
    when: rule.when,
    rate: rule.rate,
    remaining: rule.remaining ?? null,
    ...(rule.message !== undefined && { message: rule.message }),
    ...(rule.skip !== undefined && { skip: rule.skip }),
    // What it struck before the engine was started again has been seen as well.
    seen: Math.max(seen, rule.struck),
    struck: rule.struck,
    missed: seen === 0 ? Object.fromEntries(missed) : {},
  };
};
