import { CliffracerError } from '../../errors.ts';
import type { BatchFailure } from '../../ports.ts';
import type { Call } from './calls.ts';
import type { InjectedFault } from './fault-plan.ts';
import type { DeliveryFault, TestBed } from './test-bed.ts';

/** The result of a call: a value, an error, or none because its process was killed. */
export type Outcome = { value: unknown } | { error: unknown } | 'dead';

export interface FaultyCall {
  outcome: Outcome;
  /** Details of the fault; undefined when it had no effect. */
  detail: string | undefined;
}

type Run = (args: readonly unknown[]) => Promise<unknown>;

/** Makes a call with a fault injected into it. */
export async function applyFault(call: Call, injected: InjectedFault, run: Run, testBed: TestBed): Promise<FaultyCall> {
  switch (injected.kind) {
    case 'crash': {
      if (injected.chance < 0.5) return { outcome: 'dead', detail: 'before the call' };
      await outcomeOf(run, call.args);
      return { outcome: 'dead', detail: 'after the call' };
    }
    case 'throttle':
      return { outcome: { error: failure(call, 'ThrottlingException: Rate exceeded') }, detail: '' };
    case 'error_before':
      return { outcome: { error: failure(call, 'InternalFailure: nothing was done') }, detail: '' };
    case 'error_after': {
      await outcomeOf(run, call.args);
      return { outcome: { error: failure(call, 'InternalFailure: the answer was lost') }, detail: '' };
    }
    case 'outage':
      return { outcome: { error: new CliffracerError('engine_unreachable', 'nobody answers') }, detail: '' };
    case 'lost_delete':
      return { outcome: { value: [] }, detail: '' };
    case 'partial':
      return applyPartially(call, injected.chance, run);
    case 'duplicate':
    case 'reorder':
      return withDeliveryFault(call, injected.kind, run, testBed);
    case 'poison': {
      const outcome = await outcomeOf(run, call.args);
      const [body, what] = injected.chance < 0.5 ? ['{"event_type":', 'half a JSON text'] : ['{}', 'an empty object'];
      await testBed.ports.topic.publish([{ body, attributes: { event_type: 'order_created', poison: 'yes' } }]);
      return { outcome, detail: what };
    }
    default:
      return { outcome: await outcomeOf(run, call.args), detail: undefined };
  }
}

export async function outcomeOf(run: Run, args: readonly unknown[]): Promise<Exclude<Outcome, 'dead'>> {
  try {
    return { value: await run(args) };
  } catch (error) {
    return { error };
  }
}

const failure = ({ name }: Call, what: string) =>
  new CliffracerError('aws_error', `${name}: ${what}`, { retryable: true });

/** Executes a batch without one of its entries, which the response reports as failed. */
async function applyPartially(call: Call, chance: number, run: Run): Promise<FaultyCall> {
  // The batch is the first argument of a publish, and the second of a delete.
  const place = call.name === 'topic.publish' ? 0 : 1;
  const batch = call.args[place] as readonly unknown[];
  const refused = Math.floor(chance * batch.length);
  const rest = batch.filter((_, index) => index !== refused);
  const args = call.args.map((arg, index) => (index === place ? rest : arg));
  const outcome = rest.length === 0 ? { value: [] } : await outcomeOf(run, args);
  const detail = `member ${refused + 1} of ${batch.length}`;
  if ('error' in outcome) return { outcome, detail };
  const failures = (outcome.value as BatchFailure[]).map((failed) => {
    return failed.index >= refused ? { ...failed, index: failed.index + 1 } : failed;
  });
  const own = { index: refused, code: 'InternalError', message: 'refused by chaos', senderFault: false };
  return { outcome: { value: [...failures, own] }, detail };
}

async function withDeliveryFault(call: Call, fault: DeliveryFault, run: Run, testBed: TestBed): Promise<FaultyCall> {
  testBed.setDeliveryFault(fault);
  const outcome = await outcomeOf(run, call.args);
  const times = testBed.setDeliveryFault(undefined);
  const withoutEffect = times === 0 || (call.name === 'queues.receive' && isEmpty(outcome));
  return { outcome, detail: withoutEffect ? undefined : `${times} ${times === 1 ? 'time' : 'times'}` };
}

const isEmpty = (outcome: Outcome) =>
  outcome === 'dead' || !('value' in outcome) || (outcome.value as readonly unknown[]).length === 0;
