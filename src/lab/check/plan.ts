import type { Call } from '../calls/call.ts';
import { hasIdentity } from './identity.ts';
import type { CallFault, Disturbance, RunDelivery } from './model.ts';
import { type Poison, poisonsFor } from './poison.ts';

/** Experiments that are runs of their own, in the order in which they are tried. */
export const EXPERIMENTS = ['duplicate', 'error', 'crash', 'order', 'partial', 'poison', 'slow'] as const;
/** What is looked at besides: the undisturbed run by itself, and what the user says of every end. */
export const JUDGEMENTS = ['conserve', 'invariants'] as const;
export type Experiment = (typeof EXPERIMENTS)[number] | (typeof JUDGEMENTS)[number];

/** One run with one disturbance. */
export interface Case {
  /** `crash-after:2.3`: experiment, delivery (from 0), call in it (from 0). The same in every run from the same start. */
  id: string;
  experiment: Experiment;
  /** Of the delivery that is disturbed. */
  queue: string;
  messageId?: string;
  /** The call that is struck, as the undisturbed run made it. */
  call?: Call;
  /** Before the call, or after it was done. */
  when?: 'before' | 'after';
  disturbance?: Disturbance;
  /** Everything that waits in a queue comes at once. */
  together?: boolean;
  /** A message to send beside the others. */
  poison?: Poison;
}

/** Every SDK gives up at once on a refusal of this kind: what is retried would be no failure. */
const REFUSAL = 'error AccessDenied';

/** Batch operation -> what a rule calls one of its entries. */
const BATCHES: Readonly<Record<string, string>> = {
  SendMessageBatch: 'sqs:SendMessage error InternalError',
  DeleteMessageBatch: 'sqs:DeleteMessage error InternalError',
  PublishBatch: 'sns:Publish error InternalError',
  BatchWriteItem: 'dynamodb:PutItem throttle',
};

/** Of the messages that wait behind one, so many come first in turn. */
const MOST_FOLLOWERS = 10;

export interface PlanOptions {
  /** `crash` kills the process. */
  kill: boolean;
  /** Consumers keep something in memory, so that starting them anew is a disturbance. */
  remembers: boolean;
  /** Consumers keep times of their own clock in tables. */
  keepsTimes: boolean;
  /** Where messages say what they are about; names decide where nothing is said. */
  correlate: readonly string[];
}

/**
 * All cases that the deliveries of an undisturbed run give reason to. `batches` are those of a run in which everything that
 * waits came at once, where a receive brought several messages.
 */
export function casesFor(
  deliveries: readonly RunDelivery[],
  batches: readonly RunDelivery[],
  options: PlanOptions,
): Case[] {
  const isBatch = batches.some(({ together }) => together > 1);
  const several = batches.map((each, at) => ({ each, at })).filter(({ each }) => each.together > 1);
  const { kill } = options;
  const cases = [
    ...deliveries.flatMap((delivery, at) => duplicates(delivery, at, options)),
    ...several.slice(0, 1).map(({ each }) => atOnce(each)),
    ...deliveries.flatMap((delivery, at) => failures(delivery, at, { kill, together: false })),
    ...several.flatMap(({ each, at }) => failures(each, at, { kill, together: true })),
    ...deliveries.flatMap(swaps),
    ...deliveries.flatMap((delivery, at) => partial(delivery, at, false)),
    ...several.flatMap(({ each, at }) => partial(each, at, true)),
    ...poisons(deliveries, isBatch),
    ...deliveries.flatMap(slow),
  ];
  // Those that need a second consumer come last: it is started once.
  const needsTwo = ({ disturbance }: Case) => disturbance?.hands !== undefined;
  return [...cases.filter((each) => !needsTwo(each)), ...cases.filter(needsTwo)];
}

function duplicates(delivery: RunDelivery, at: number, { remembers, keepsTimes, correlate }: PlanOptions): Case[] {
  const { queue, body, fifo, calls, messageId } = delivery;
  const one = (kind: string, disturbance: Omit<Disturbance, 'at'>): Case => ({
    ...{ id: `duplicate${kind}:${at}`, experiment: 'duplicate', queue, messageId },
    disturbance: { at, ...disturbance },
  });
  // A FIFO queue delivers again only what it did not hear to be deleted, and in its place.
  if (fifo) return [one('', { faults: [{ rule: 'sqs:DeleteMessage drop 1', skip: 0 }] })];
  return [
    one('', { again: 'same' }),
    one('-late', { again: 'late' }),
    ...(keepsTimes ? [one('-older', { again: 'older' })] : []),
    ...(remembers ? [one('-anew', { again: 'anew' })] : []),
    ...(hasIdentity(body, correlate) ? [one('-resent', { again: 'resent' })] : []),
    ...calls.flatMap((call, index): Case[] => {
      if (index === 0 || /^DeleteMessage/.test(call.operation)) return [];
      const hands = { fault: faultAt(calls, index, `${REFUSAL} before 1`), why: 'copy' } as const;
      return [{ ...one('-held', { hands }), id: `duplicate-held:${at}.${index}`, call, when: 'before' }];
    }),
  ];
}

function failures(delivery: RunDelivery, at: number, how: { kill: boolean; together: boolean }): Case[] {
  return (['error', 'crash'] as const).flatMap((experiment) =>
    delivery.calls.flatMap((call, index) =>
      (['before', 'after'] as const).map((when): Case => {
        const fault = faultAt(delivery.calls, index, `${REFUSAL} ${when} 1`);
        const dies = experiment === 'crash' && how.kill;
        const faults = [experiment === 'crash' ? { ...fault, cut: true } : fault];
        return {
          ...{ id: `${how.together ? 'batch-' : ''}${experiment}-${when}:${at}.${index}`, experiment, call, when },
          ...{ queue: delivery.queue, messageId: delivery.messageId },
          ...(how.together && { together: true }),
          disturbance: dies ? { at, kill: fault } : { at, faults },
        };
      }),
    ),
  );
}

/** The call is found by what it does, and to what: calls that are made at the same time come in any order. */
function faultAt(calls: readonly Call[], index: number, rule: string): CallFault {
  const { service, operation, resources } = calls[index]!;
  const resource = resources[0]?.split('/').slice(0, 2).join('/');
  const isLike = (call: Call) =>
    call.service === service &&
    call.operation === operation &&
    (resource === undefined || call.resources.some((each) => `${each}/`.startsWith(`${resource}/`)));
  return {
    rule: `${service}:${operation} ${rule}`,
    skip: calls.slice(0, index).filter(isLike).length,
    ...(resource !== undefined && { resource }),
  };
}

/** No disturbance but that consumers get what waits in a batch, and may work on it at the same time. */
const atOnce = ({ queue, messageId }: RunDelivery): Case => ({
  ...{ id: 'batch-order', experiment: 'order', queue, messageId, together: true },
});

function swaps({ queue, followers, messageId, calls }: RunDelivery, at: number): Case[] {
  // Two consumers work on two messages at the same time.
  const meanwhile = !followers.includes(queue)
    ? []
    : calls.flatMap((call, index): Case[] => {
        if (index === 0) return [];
        const hands = { fault: faultAt(calls, index, `${REFUSAL} before 1`), why: 'other' } as const;
        const about = { id: `order-held:${at}.${index}`, experiment: 'order', queue, messageId } as const;
        return [{ ...about, call, when: 'before', disturbance: { at, hands } }];
      });
  const behind = followers.slice(0, MOST_FOLLOWERS).map((_, first): Case => {
    const id = first === 0 ? `order:${at}` : `order:${at}.${first}`;
    return { id, experiment: 'order', queue, messageId, disturbance: { at, first } };
  });
  return [...behind, ...meanwhile];
}

function partial({ queue, calls, messageId }: RunDelivery, at: number, together: boolean): Case[] {
  const operations = [...new Set(calls.map(({ operation }) => operation))].filter((name) =>
    Object.hasOwn(BATCHES, name),
  );
  return operations.map((operation): Case => {
    const faults = [{ rule: `${BATCHES[operation]} 1`, skip: 0 }];
    const call = calls.find((each) => each.operation === operation)!;
    return {
      ...{ id: `${together ? 'batch-' : ''}partial:${at}.${operation}`, experiment: 'partial', queue, call, messageId },
      ...(together && { together: true }),
      disturbance: { at, faults },
    };
  });
}

function poisons(deliveries: readonly RunDelivery[], isBatch: boolean): Case[] {
  const models = new Map<string, string>();
  for (const { queue, body } of deliveries) if (!models.has(queue)) models.set(queue, body);
  return [...models].flatMap(([queue, model]) =>
    poisonsFor(queue, model).flatMap((poison): Case[] => {
      const one: Case = { id: `poison:${queue}.${poison.kind}`, experiment: 'poison', queue, poison };
      // Among others in one batch it must not take them along.
      const batch: Case = { ...one, id: `batch-${one.id}`, together: true };
      return isBatch && poison.kind === 'garbage' ? [one, batch] : [one];
    }),
  );
}

function slow({ queue, calls, messageId }: RunDelivery, at: number): Case[] {
  return calls.map((call, index): Case => {
    const hands = { fault: faultAt(calls, index, `${REFUSAL} before 1`), why: 'timeout' } as const;
    const id = `slow:${at}.${index}`;
    return { id, experiment: 'slow', queue, messageId, call, when: 'before', disturbance: { at, hands } };
  });
}
