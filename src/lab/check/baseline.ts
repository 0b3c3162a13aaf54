import { CliffracerError } from '../../errors.ts';
import type { Call } from '../calls/call.ts';
import { isUnattributed } from './background.ts';
import { differencesOf } from './compare.ts';
import { type Mask, userMask, widened } from './mask.ts';
import type { RunResult, Stuck } from './model.ts';
import type { Unattributed } from './verdict.ts';

/** What the undisturbed runs have shown. */
export interface Baseline {
  first: RunResult;
  mask: Mask;
  /** Consumers keep something in memory that changes what they do. */
  remembers: boolean;
}

export interface BaselineSteps {
  /** One undisturbed run; with a number, ids and the time are others. */
  undisturbed(run: number, how: { otherwise: boolean; anew: boolean }): Promise<RunResult>;
  /** Whether consumers can be started anew. */
  areOurs: boolean;
  ignore: readonly string[];
}

/**
 * Runs without any disturbance until it is known what differs by nature. Consumers that do less the second time remember
 * what they have seen: they have to be started anew for each run, or nothing would be compared.
 */
export async function findBaseline({ undisturbed, areOurs, ignore }: BaselineSteps): Promise<Baseline> {
  const [first, second] = await twoAlike(undisturbed);
  const none = userMask(ignore);
  const mask = widened(none, first.end, second.end);
  if (shapeOf(first) === shapeOf(second)) return { first, mask, remembers: false };
  const third = await undisturbed(3, { otherwise: true, anew: areOurs });
  if (areOurs && shapeOf(first) === shapeOf(third)) {
    return { first, mask: widened(none, first.end, third.end), remembers: true };
  }
  const endsOtherwise = differencesOf(first.end, second.end, widened(none, second.end, third.end)).length > 0;
  if (!areOurs && shapeOf(second) === shapeOf(third) && endsOtherwise) throw remembering();
  return { first, mask: widened(mask, first.end, third.end), remembers: areOurs };
}

/**
 * Two undisturbed runs. Where a program that receives nothing has changed something in one of them only, as a late call from
 * before the check does, they are repeated once: what it changed would be taken for what differs by nature.
 */
async function twoAlike(undisturbed: BaselineSteps['undisturbed']): Promise<[RunResult, RunResult]> {
  for (let attempt = 1; ; attempt++) {
    const first = await undisturbed(1, { otherwise: false, anew: false });
    const second = await undisturbed(2, { otherwise: true, anew: false });
    const consumers = new Set([first, second].flatMap(({ deliveries }) => deliveries.map(({ caller }) => caller)));
    const [one, other] = [outsideOf(first, consumers), outsideOf(second, consumers)];
    const odd = [...one, ...other].find(([caller]) => one.has(caller) !== other.has(caller));
    if (odd === undefined) return [first, second];
    if (attempt === 2) throw meddling(odd[1]);
  }
}

/** The first change by each caller that received no message. */
function outsideOf({ calls }: RunResult, consumers: ReadonlySet<string>): Map<string, Call> {
  const outside = calls.filter((call) => isUnattributed(call) && changes(call) && !consumers.has(call.caller));
  return new Map(outside.reverse().map((call) => [call.caller, call]));
}

/** What was changed in each delivery: a consumer that keeps what it has read does the same with less. */
const shapeOf = ({ deliveries }: RunResult): string =>
  JSON.stringify(deliveries.map(({ queue, calls }) => [queue, ...calls.filter(changes).map(operationOf).sort()]));

const operationOf = ({ operation }: Call) => operation;
const changes = ({ effects }: Call) => effects.some(({ kind }) => /^(?:item|object|message|published)$/.test(kind));

function remembering(): CliffracerError {
  return new CliffracerError('not_settled', 'the consumers remember messages that they have handled before', {
    hint: 'let the check start them, so that it can start them anew: cliffracer check -- COMMAND',
  });
}

function meddling({ caller, operation, resources }: Call): CliffracerError {
  const what = [operation, ...resources.slice(0, 1)].join(' on ');
  return new CliffracerError('not_settled', `another program changes what is checked: ${caller} called ${what}`, {
    hint: `end it, and check again; see what it does: cliffracer calls --as ${caller}`,
  });
}

export function unattributedIn({ calls }: RunResult): Unattributed[] {
  const found = new Map<string, Unattributed>();
  for (const call of calls.filter(isUnattributed)) {
    const { caller, operation, resources } = call;
    const resource = resources[0] ?? '';
    const name = `${caller} ${operation} ${resource}`;
    const one = found.get(name) ?? { caller, operation, resource, calls: 0 };
    found.set(name, { ...one, calls: one.calls + 1 });
  }
  return [...found.values()];
}

/** `details`: what the consumers printed last. */
export function stuckAlone(stuck: Stuck, details: readonly string[]): CliffracerError {
  const message = `message ${stuck.messageId} of ${stuck.queue}`;
  switch (stuck.reason) {
    case 'not_received':
      return new CliffracerError('not_settled', `nobody receives ${message}`, {
        details,
        hint: `start the consumer of ${stuck.queue}, or give its command: cliffracer check -- COMMAND`,
      });
    case 'not_finished':
      return new CliffracerError('not_settled', `${stuck.caller} does not come to an end with ${message}`, {
        details,
        hint: 'give it more time with --timeout, or end what it waits for',
      });
    case 'never_ends':
      return new CliffracerError('not_settled', `${message} fails without any disturbance, ${stuck.attempts} times`, {
        details,
        hint: `run it with cliffracer dev or exec, and give it one message: cliffracer step ${stuck.queue}`,
      });
  }
}
