import type { Engine } from '../core/engine.ts';
import type { FaultRule } from '../core/faults.ts';
import { nextUuid } from '../core/random.ts';
import type { Call } from '../core/types.ts';
import type { Batch, BatchInput, Fate } from './batch.ts';
import { batchOf } from './batches.ts';
import { droppedAnswer } from './dropped.ts';
import { injectedError, throttlingError } from './errors.ts';
import { paused } from './paused.ts';
import { countMissed } from './sightings.ts';
import { applies, concerns, cutOffBy, strikes, strikesInside } from './strike.ts';

/** A call under the rules: waits out every latency, then the first error, throttling or loss decides. */
export async function disturbed(engine: Engine, call: Call, perform: (changed?: Call) => unknown): Promise<unknown> {
  const state = engine.state.faults!;
  const { service, operation } = call;
  const cut = cutOffBy(engine, state.rules, call);
  if (cut !== undefined) {
    call.log?.struck(cut);
    throw injectedError(cut.code!);
  }
  countMissed(engine, call);
  const batch = batchOf(service, operation);
  const parts = batch?.entries(call.input as BatchInput) ?? [];
  // A batch waits once, however many of its entries a rule is for.
  const isFor = (rule: FaultRule) =>
    applies(rule, service, operation) ||
    (rule.kind === 'latency' &&
      rule.operation !== undefined &&
      parts.includes(rule.operation) &&
      rule.service === service);
  const struck = state.rules.filter(
    (rule) => !strikesInside(rule) && isFor(rule) && concerns(engine, rule, call) && strikes(engine, rule, call.log),
  );
  const fates = batch && entryFates(engine, call, parts);
  if (struck.length === 0 && fates === undefined) return perform();
  engine.journal?.faultsSet(engine.clock.now(), state);
  const latency = struck.reduce((total, rule) => total + (rule.ms ?? 0), 0);
  if (latency > 0) await new Promise<void>((resolve) => engine.clock.host.after(latency, resolve));
  for (const rule of struck) {
    if (rule.kind === 'throttle') throw throttlingError(service, operation);
    if (rule.kind === 'error' && rule.when === 'before' && !(await mayGoOn(engine, rule, call))) {
      throw injectedError(rule.code!);
    }
    if (rule.kind === 'drop') return droppedAnswer(service, operation, call.input, () => nextUuid(state));
  }
  const uuid = () => nextUuid(state);
  const answer = fates === undefined ? await perform() : await performEntries(batch!, call, fates, perform, uuid);
  const after = struck.find((rule) => rule.kind === 'error' && rule.when === 'after');
  if (after !== undefined && !(await mayGoOn(engine, after, call))) throw injectedError(after.code!);
  return answer;
}

async function mayGoOn(engine: Engine, rule: FaultRule, { log, traceHeader }: Call): Promise<boolean> {
  if (rule.pause !== true) return false;
  engine.calls?.deliveries.noteWaiting(log, traceHeader);
  return paused(engine, rule);
}

/** Draws for every entry of a batch; undefined when no rule strikes any. */
function entryFates(engine: Engine, call: Call, parts: readonly string[]): Fate[] | undefined {
  const { service, operation, log } = call;
  const rules = engine.state.faults!.rules.filter(
    ({ operation: wanted, kind }) => wanted !== undefined && wanted !== operation && kind !== 'latency',
  );
  if (rules.length === 0) return undefined;
  let any = false;
  const fates = parts.map((part): Fate => {
    const struck = rules.filter(
      (rule) =>
        !strikesInside(rule) &&
        applies(rule, service, part) &&
        concerns(engine, rule, call) &&
        strikes(engine, rule, log),
    );
    any ||= struck.length > 0;
    return fateOf(struck, service, part);
  });
  return any ? fates : undefined;
}

function fateOf(struck: readonly FaultRule[], service: string, operation: string): Fate {
  const skipping = struck.find(({ kind, when }) => kind !== 'error' || when === 'before');
  if (skipping?.kind === 'drop') return { skipped: true, error: undefined };
  if (skipping?.kind === 'throttle') return { skipped: true, error: throttlingError(service, operation) };
  const failing = skipping ?? struck[0];
  return { skipped: skipping !== undefined, error: failing && injectedError(failing.code!) };
}

/** Lets the operation act on the entries that are not skipped, and answers for all. */
async function performEntries(
  batch: Batch,
  call: Call,
  fates: readonly Fate[],
  perform: (changed?: Call) => unknown,
  uuid: () => string,
): Promise<object> {
  const skips = fates.some(({ skipped }) => skipped);
  const acts = batch.allOrNothing ? !skips : fates.some(({ skipped }) => !skipped);
  const input = call.input as BatchInput;
  const changed = skips ? { ...call, input: batch.keep(input, (index) => !fates[index]!.skipped) } : call;
  const answer = acts ? ((await perform(changed)) ?? {}) : undefined;
  return batch.answer(input, answer as BatchInput | undefined, fates, uuid);
}
