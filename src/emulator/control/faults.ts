import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import { observePauses, pausedCount, releasePaused } from '../faults/paused.ts';
import { FaultSyntaxError } from '../faults/rule.ts';
import { sightingsOf } from '../faults/sightings.ts';
import { addFault, clearFaults, type FaultScope, listFaults, seedFaults } from '../faults/source.ts';
import { badRequest, type ControlRequest, type ControlRoutes, notFound, wholeNumber } from './routing.ts';

const MOST_RULES = 100;
const LONGEST_WAIT_MS = 30_000;

/** `/_cliffracer/faults`: the rules of fault injection. */
export function faultRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': () => ({ faults: listFaults(engine).map(described(engine)) }),
    'POST /': ({ body }) => ({ fault: described(engine)(add(engine, body)) }),
    'DELETE /': () => ({ removed: removed(engine) }),
    'DELETE /{id}': ({ params }) => ({ removed: removed(engine, ruleOf(engine, params.id!).id) }),
    'GET /{id}/paused': (request) => waitForPause(engine, request),
    'POST /{id}/release': ({ params, body }) => {
      const { id } = ruleOf(engine, params.id!);
      return { released: releasePaused(engine, id, body.fails !== true) };
    },
  };
}

function add(engine: Engine, body: Record<string, unknown>): FaultRule {
  const { rule, seed } = body;
  if (typeof rule !== 'string') throw badRequest("rule must be text such as 'sqs:DeleteMessage drop 1'");
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw badRequest('seed must be a whole number');
  const scope = scopeIn(body);
  if (listFaults(engine).length >= MOST_RULES) throw badRequest(`there are ${MOST_RULES} fault rules already`);
  try {
    const added = addFault(engine, rule, scope);
    if (seed !== undefined) seedFaults(engine, seed as number);
    return added;
  } catch (error) {
    if (error instanceof FaultSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function scopeIn({ message, resource, skip, cut, pause }: Record<string, unknown>): FaultScope {
  if (message !== undefined && typeof message !== 'string') throw badRequest('message must be the id of a message');
  if (resource !== undefined && typeof resource !== 'string')
    throw badRequest('resource must be text such as table/NAME');
  if (skip !== undefined && !(Number.isSafeInteger(skip) && Number(skip) >= 0)) {
    throw badRequest('skip must be a whole number of calls');
  }
  for (const [name, value] of Object.entries({ cut, pause })) {
    if (value !== undefined && typeof value !== 'boolean') throw badRequest(`${name} must be true or false`);
  }
  return {
    ...(message !== undefined && { message }),
    ...(resource !== undefined && { resource }),
    ...(skip !== undefined && { skip: Number(skip) }),
    ...(cut === true && { cut }),
    ...(pause === true && { pause }),
  };
}

function ruleOf(engine: Engine, text: string): FaultRule {
  const id = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  const rule = listFaults(engine).find((each) => each.id === id);
  if (rule === undefined) throw notFound(`no such fault rule: ${text.slice(0, 40)}`);
  return rule;
}

/** Answers when a call waits at a rule that pauses, or the time is up. */
async function waitForPause(engine: Engine, { params, query, signal }: ControlRequest) {
  const { id } = ruleOf(engine, params.id!);
  const ms = wholeNumber(query, 'wait', 0, LONGEST_WAIT_MS, 0);
  if (pausedCount(engine, id) === 0 && ms > 0) {
    await new Promise<void>((resolve) => {
      const end = () => {
        cancelTimer();
        cancelObserving();
        resolve();
      };
      const cancelObserving = observePauses(engine, id, end);
      const cancelTimer = engine.clock.host.after(ms, end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }
  return { waiting: pausedCount(engine, id) };
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
    ...(rule.resource !== undefined && { resource: rule.resource }),
    ...(rule.skip !== undefined && { skip: rule.skip }),
    ...(rule.cut === true && { cut: true }),
    ...(rule.pause === true && { pause: true }),
    // What it struck before the engine was started again has been seen as well.
    seen: Math.max(seen, rule.struck),
    struck: rule.struck,
    missed: seen === 0 ? Object.fromEntries(missed) : {},
  };
};
