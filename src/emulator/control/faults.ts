import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import { FaultSyntaxError } from '../faults/rule.ts';
import { addFault, clearFaults, listFaults, seedFaults } from '../faults/source.ts';
import { badRequest, type ControlRoutes, notFound } from './routing.ts';

const MOST_RULES = 100;

/** `/_cliffracer/faults`: the rules of fault injection. */
export function faultRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': () => ({ faults: listFaults(engine).map(describeRule) }),
    'POST /': ({ body }) => ({ fault: describeRule(add(engine, body)) }),
    'DELETE /': () => ({ removed: clearFaults(engine).map(describeRule) }),
    'DELETE /{id}': ({ params }) => {
      const id = /^\d{1,9}$/.test(params.id!) ? Number(params.id) : Number.NaN;
      const removed = Number.isNaN(id) ? [] : clearFaults(engine, id);
      if (removed.length === 0) throw notFound(`no such fault rule: ${params.id!.slice(0, 40)}`);
      return { removed: removed.map(describeRule) };
    },
  };
}

function add(engine: Engine, { rule, seed }: Record<string, unknown>): FaultRule {
  if (typeof rule !== 'string') throw badRequest("rule must be text such as 'sqs:DeleteMessage drop 1'");
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw badRequest('seed must be a whole number');
  if (listFaults(engine).length >= MOST_RULES) throw badRequest(`there are ${MOST_RULES} fault rules already`);
  try {
    const added = addFault(engine, rule);
    if (seed !== undefined) seedFaults(engine, seed as number);
    return added;
  } catch (error) {
    if (error instanceof FaultSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function describeRule(rule: FaultRule) {
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
    hits: rule.hits,
  };
}
