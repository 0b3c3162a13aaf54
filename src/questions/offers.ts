import type { App } from '../app.ts';
import { deadLetterQueueOf, queueOf, SERVICES } from '../domain/names.ts';
import type { OrderRecord } from '../domain/records.ts';
import { control } from '../engines/embedded/control.ts';
import { CliffracerError } from '../errors.ts';
import { orderChoice } from '../views/choices.ts';
import type { SnapshotRow } from '../views/snapshots.ts';
import { plural, time } from '../views/text.ts';

/** Something with an id, and how it reads in a list to choose from: one text a column, the id first. */
export interface Offer {
  id: string;
  columns: readonly string[];
}

/** What an id may be the id of. */
export interface Noun {
  name: string;
  plural: string;
  /** As help writes the argument: `ID`. */
  argument: string;
  /** Whether `@last` means one: offers come newest first. */
  hasLast: boolean;
  /** A whole id, which needs no looking up. */
  whole: RegExp;
  /** What there is, at most so many. */
  offers(app: App, limit: number): Promise<Offer[]>;
  /** Ids that begin so, at most so many. */
  beginning(app: App, text: string, limit: number): Promise<string[]>;
  /** The command that makes the first of its kind. */
  first: string;
}

export const ORDER: Noun = {
  ...{ name: 'order', plural: 'orders', argument: 'ID', hasLast: true, first: 'cliffracer order create' },
  whole: /^ord_[0-9a-z]{16}$/,
  async offers(app, limit) {
    const [{ ports }, { orderList }, context] = await Promise.all([
      app.connect(),
      import('../commands/order/list.ts'),
      app.print.context(app.io.stderr),
    ]);
    const { orders } = await orderList(ports, { limit });
    return orders.map((order: OrderRecord) => ({ id: order.order_id, columns: orderChoice(order, context) }));
  },
  async beginning(app, text, limit) {
    const { tables } = (await app.connect()).ports;
    const filter = { attribute: 'order_id', comparison: 'begins_with', value: text } as const;
    const ids: string[] = [];
    for await (const { order_id } of tables.scan('orders', { filter, limit })) ids.push(String(order_id));
    return ids;
  },
};

export const SNAPSHOT: Noun = {
  ...{ name: 'snapshot', plural: 'snapshots', argument: 'NAME', hasLast: true, first: 'cliffracer snapshot save NAME' },
  whole: /^$/,
  async offers(app, limit) {
    const context = await app.print.context(app.io.stderr);
    const newestFirst = [...(await snapshots(app))].sort((a, b) => Date.parse(b.taken_at) - Date.parse(a.taken_at));
    return newestFirst
      .slice(0, limit)
      .map(({ name, taken_at }) => ({ id: name, columns: [name, time(taken_at, context)] }));
  },
  beginning: async (app, text) =>
    startingWith(
      (await snapshots(app)).map(({ name }) => name),
      text,
    ),
};

async function snapshots(app: App): Promise<readonly SnapshotRow[]> {
  const endpoint = (await app.endpoint()).value;
  const call = { path: '/snapshots', what: 'a snapshot' };
  return (await control<{ snapshots: SnapshotRow[] }>(endpoint, app.clock.now, call)).snapshots;
}

const QUEUES = [...SERVICES.map(queueOf), ...SERVICES.map(deadLetterQueueOf)];

/** The shop's queues; one may also be named by its service, and any other queue of the engine in full. */
export const QUEUE: Noun = {
  ...{ name: 'queue', plural: 'queues', argument: 'QUEUE', hasLast: false, first: 'cliffracer provision' },
  whole: new RegExp(`^(${QUEUES.join('|')})$`),
  async offers(app) {
    const { queues } = await import('../commands/inspect/queues.ts');
    const rows = await queues((await app.connect()).ports);
    return [
      ...rows.map(({ queue, ready, in_flight, delayed }) => ({
        id: queue,
        columns: [queue, `${ready} ready, ${in_flight} in flight, ${delayed} delayed`],
      })),
      ...rows.map(({ dead_lettered }, index) => {
        const id = deadLetterQueueOf(SERVICES[index]!);
        return { id, columns: [id, `${dead_lettered} dead-lettered`] };
      }),
    ];
  },
  async beginning(_app, text) {
    const service = SERVICES.find((each) => each === text);
    return service === undefined ? startingWith(QUEUES, text) : [queueOf(service)];
  },
};

/** The stack's by the service that the messages were for, others by their names. */
export const DEAD_LETTER_QUEUE: Noun = {
  ...{
    name: 'dead-letter queue',
    plural: 'dead-letter queues',
    argument: 'QUEUE',
    hasLast: false,
    first: 'cliffracer provision',
  },
  whole: new RegExp(`^(${SERVICES.join('|')})$`),
  async offers(app) {
    const [{ queues }, { queueStates }] = await Promise.all([
      import('../commands/inspect/queues.ts'),
      import('../access/queues.ts'),
    ]);
    const { ports, names, target } = await app.connect();
    const states = target.kind === 'aws' ? [] : await queueStates(app);
    const own = new Set(SERVICES.map((service) => names.queue(deadLetterQueueOf(service))));
    const others = states.filter(({ queue, dead_letters_of: from }) => from.length > 0 && !own.has(queue));
    const stack = await queues(ports).catch((error) => {
      if (error instanceof CliffracerError && error.code === 'not_provisioned' && others.length > 0) return [];
      throw error;
    });
    return [
      ...stack.map(({ dead_lettered }, index) => ({ id: SERVICES[index] as string, dead_lettered })),
      ...others.map(({ queue: id, ready, in_flight, delayed }) => ({ id, dead_lettered: ready + in_flight + delayed })),
    ]
      .sort((a, b) => b.dead_lettered - a.dead_lettered)
      .map(({ id, dead_lettered }) => ({ id, columns: [id, plural(dead_lettered, 'message')] }));
  },
  beginning: async (_app, text) => startingWith(SERVICES, text),
};

/** An id that is there as a whole is meant, even where it is also the beginning of another. */
export const startingWith = <Id extends string>(ids: readonly Id[], text: string): Id[] =>
  ids.filter((id) => id === text).concat(ids.includes(text as Id) ? [] : ids.filter((id) => id.startsWith(text)));
