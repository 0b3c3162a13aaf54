import { CliffracerError } from '../../errors.ts';
import type { BatchFailure } from '../../ports.ts';
import type { Call } from './calls.ts';
import type { Strike } from './fault-plan.ts';
import type { Disturbance, Stage } from './stage.ts';

/** What came of a call: an answer, an error, or nothing any more, because who asked is dead. */
export type Outcome = { value: unknown } | { error: unknown } | 'dead';

export interface Struck {
  outcome: Outcome;
  /** What the fault was in particular; undefined when it found nothing to do. */
  detail: string | undefined;
}

type Run = (args: readonly unknown[]) => Promise<unknown>;

/** Makes a call that is struck by a fault within it. */
export async function struckCall(call: Call, strike: Strike, run: Run, stage: Stage): Promise<Struck> {
  switch (strike.kind) {
    case 'crash': {
      if (strike.chance < 0.5) return { outcome: 'dead', detail: 'before the call' };
      await answerOf(run, call.args);
      return { outcome: 'dead', detail: 'after the call' };
    }
    case 'throttle':
      return { outcome: { error: failure(call, 'ThrottlingException: Rate exceeded') }, detail: '' };
    case 'error_before':
      return { outcome: { error: failure(call, 'InternalFailure: nothing was done') }, detail: '' };
    case 'error_after': {
      await answerOf(run, call.args);
      return { outcome: { error: failure(call, 'InternalFailure: the answer was lost') }, detail: '' };
    }
    case 'outage':
      return { outcome: { error: new CliffracerError('engine_unreachable', 'nobody answers') }, detail: '' };
    case 'lost_delete':
      return { outcome: { value: [] }, detail: '' };
    case 'partial':
      return partially(call, strike.chance, run);
    case 'duplicate':
    case 'reorder':
      return disturbed(call, strike.kind, run, stage);
    case 'poison': {
      const outcome = await answerOf(run, call.args);
      const [body, what] = strike.chance < 0.5 ? ['{"event_type":', 'half a JSON text'] : ['{}', 'an empty object'];
      await stage.ports.topic.publish([{ body, attributes: { event_type: 'order_created', poison: 'yes' } }]);
      return { outcome, detail: what };
    }
    default:
      return { outcome: await answerOf(run, call.args), detail: undefined };
  }
}

export async function answerOf(run: Run, args: readonly unknown[]): Promise<Exclude<Outcome, 'dead'>> {
  try {
    return { value: await run(args) };
  } catch (error) {
    return { error };
  }
}

const failure = ({ name }: Call, what: string) =>
  new CliffracerError('aws_error', `${name}: ${what}`, { retryable: true });

/** All members of a batch but one are done; the answer tells which one was not. */
async function partially(call: Call, chance: number, run: Run): Promise<Struck> {
  // A publish has its batch first, a delete after the queue.
  const place = call.name === 'topic.publish' ? 0 : 1;
  const batch = call.args[place] as readonly unknown[];
  const refused = Math.floor(chance * batch.length);
  const rest = batch.filter((_, index) => index !== refused);
  const args = call.args.map((arg, index) => (index === place ? rest : arg));
  const outcome = rest.length === 0 ? { value: [] } : await answerOf(run, args);
  const detail = `member ${refused + 1} of ${batch.length}`;
  if ('error' in outcome) return { outcome, detail };
  const failures = (outcome.value as BatchFailure[]).map((failed) => {
    return failed.index >= refused ? { ...failed, index: failed.index + 1 } : failed;
  });
  const own = { index: refused, code: 'InternalError', message: 'refused by chaos', senderFault: false };
  return { outcome: { value: [...failures, own] }, detail };
}

async function disturbed(call: Call, how: Disturbance, run: Run, stage: Stage): Promise<Struck> {
  stage.disturb(how);
  const outcome = await answerOf(run, call.args);
  const times = stage.disturb(undefined);
  const inVain = times === 0 || (call.name === 'queues.receive' && isEmpty(outcome));
  return { outcome, detail: inVain ? undefined : `${times} ${times === 1 ? 'time' : 'times'}` };
}

const isEmpty = (outcome: Outcome) =>
  outcome === 'dead' || !('value' in outcome) || (outcome.value as readonly unknown[]).length === 0;
