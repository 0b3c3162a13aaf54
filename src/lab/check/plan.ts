import type { Call } from '../calls/call.ts';
import type { Disturbance, RunDelivery } from './run.ts';

export const EXPERIMENTS = ['duplicate', 'error', 'crash', 'order', 'partial', 'poison'] as const;
export type Experiment = (typeof EXPERIMENTS)[number];

/** One run with one disturbance. */
export interface Case {
  /** `crash-after:2.3`: experiment, delivery (from 0), call in it (from 0). The same in every run from the same start. */
  id: string;
  experiment: Experiment;
  /** Of the delivery that is disturbed. */
  queue: string;
  /** The call that is struck, as the undisturbed run made it. */
  call?: Call;
  /** Before the call, or after it was done. */
  when?: 'before' | 'after';
  disturbance?: Disturbance;
  /** A message to send beside the others. */
  poison?: { queue: string; body: string };
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

const POISONS = ['{"cliffracer": not json', '{}'];

/** All cases that the deliveries of an undisturbed run give reason to, in the order in which they are tried. */
export function casesFor(deliveries: readonly RunDelivery[]): Case[] {
  return [
    ...deliveries.map((delivery, at): Case => {
      return {
        id: `duplicate:${at}`,
        experiment: 'duplicate',
        queue: delivery.queue,
        disturbance: { at, again: true },
      };
    }),
    ...atEachCall(deliveries, 'error', (at, skip, when) => ({ at, faults: [{ rule: `${REFUSAL} ${when} 1`, skip }] })),
    ...atEachCall(deliveries, 'crash', (at, skip, when) => ({
      at,
      // Whoever is dead makes no further call.
      faults:
        when === 'before'
          ? [{ rule: REFUSAL, skip }]
          : [
              { rule: `${REFUSAL} after 1`, skip },
              { rule: REFUSAL, skip: skip + 1 },
            ],
    })),
    ...deliveries.flatMap(({ queue, hasFollower }, at): Case[] =>
      hasFollower ? [{ id: `order:${at}`, experiment: 'order', queue, disturbance: { at, swap: true } }] : [],
    ),
    ...deliveries.flatMap(partial),
    ...[...new Set(deliveries.map(({ queue }) => queue))].flatMap((queue) =>
      POISONS.map((body, number): Case => {
        return { id: `poison:${queue}.${number}`, experiment: 'poison', queue, poison: { queue, body } };
      }),
    ),
  ];
}

function atEachCall(
  deliveries: readonly RunDelivery[],
  experiment: 'error' | 'crash',
  disturb: (at: number, skip: number, when: 'before' | 'after') => Disturbance,
): Case[] {
  return deliveries.flatMap(({ queue, calls }, at) =>
    calls.flatMap((call, skip) =>
      (['before', 'after'] as const).map((when): Case => {
        const id = `${experiment}-${when}:${at}.${skip}`;
        return { id, experiment, queue, call, when, disturbance: disturb(at, skip, when) };
      }),
    ),
  );
}

function partial({ queue, calls }: RunDelivery, at: number): Case[] {
  const operations = [...new Set(calls.map(({ operation }) => operation))].filter((name) =>
    Object.hasOwn(BATCHES, name),
  );
  return operations.map((operation): Case => {
    const faults = [{ rule: `${BATCHES[operation]} 1`, skip: 0 }];
    const call = calls.find((each) => each.operation === operation)!;
    return { id: `partial:${at}.${operation}`, experiment: 'partial', queue, call, disturbance: { at, faults } };
  });
}
