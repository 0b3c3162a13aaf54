import type { QueueState } from '../../../lab/queues/port.ts';
import { nameOf } from '../data/messages.ts';
import type { Passage } from '../data/passages.ts';
import { isDeadLetterQueue, type Topic, waiting } from '../data/system.ts';

export type Layer = 'topic' | 'queue' | 'caller' | 'store';

/** A place on the map. Its id is `queue/jobs`, `topic/orders`, `caller/worker`, `table/orders` or `bucket/receipts`. */
export interface Place {
  id: string;
  name: string;
  layer: Layer;
  /** Of a queue. */
  queue?: QueueState;
  /** Messages in its dead-letter queue. */
  dead?: number;
  topic?: Topic;
  /** Position in its column. */
  row: number;
}

export interface Way {
  from: string;
  to: string;
  /** What a subscription lets through. */
  filter: string | null;
  count: number;
  /** When the page was told of the latest passage; 0 for none. */
  seen: number;
}

export const LAYERS: readonly (readonly [Layer, string])[] = [
  ['topic', 'Topics'],
  ['queue', 'Queues'],
  ['caller', 'Consumers'],
  ['store', 'Tables, buckets'],
];

const layerOf = (id: string): Layer => {
  const kind = id.slice(0, id.indexOf('/'));
  return kind === 'table' || kind === 'bucket' ? 'store' : (kind as Layer);
};

interface Input {
  queues: readonly QueueState[];
  topics: readonly Topic[];
  passages: Iterable<Passage>;
}

/** Topics, queues, consumers and what they write, in four columns. Dead-letter queues stand in their queue's card. */
export function layOut({ queues, topics, passages }: Input): { places: Place[]; ways: Way[] } {
  const places = new Map<string, Place>();
  const ways: Way[] = [];
  const add = (id: string, more: Partial<Place> = {}) => {
    if (places.has(id)) return;
    places.set(id, { id, name: id.slice(id.indexOf('/') + 1), layer: layerOf(id), row: 0, ...more });
  };
  const depths = new Map(queues.map((queue) => [queue.queue, queue]));
  for (const topic of topics) {
    add(`topic/${topic.name}`, { topic });
    for (const { queue, endpoint, filter_policy: filter } of topic.subscriptions) {
      ways.push({ from: `topic/${topic.name}`, to: `queue/${queue ?? nameOf(endpoint)}`, filter, count: 0, seen: 0 });
    }
  }
  for (const queue of queues.filter((each) => !isDeadLetterQueue(each))) {
    const dead = depths.get(queue.dead_letter_queue ?? '');
    add(`queue/${queue.queue}`, { queue, dead: dead === undefined ? 0 : waiting(dead) });
    for (const { caller } of queue.consumers ?? []) {
      add(`caller/${caller}`);
      ways.push({ from: `queue/${queue.queue}`, to: `caller/${caller}`, filter: null, count: 0, seen: 0 });
    }
  }
  for (const passage of passages) {
    const [from, to] = [passage.from, passage.to];
    // What is sent back to the left would hide the map: it stands in the panel of the sender.
    const kept = layerOf(to) === 'store' || (layerOf(from) === 'queue' && places.has(from));
    if (!kept) continue;
    for (const id of [from, to]) add(id);
    const known = ways.find((way) => way.from === from && way.to === to);
    if (known === undefined) ways.push({ from, to, filter: null, count: passage.count, seen: passage.seen });
    else Object.assign(known, { count: passage.count, seen: passage.seen });
  }
  const ordered = order([...places.values()], ways);
  return { places: ordered, ways: ways.filter(({ from, to }) => places.has(from) && places.has(to)) };
}

/** Each column in the order of what leads to it, so that few ways cross. */
function order(places: Place[], ways: readonly Way[]): Place[] {
  const rows = new Map<string, number>();
  const ordered: Place[] = [];
  for (const [layer] of LAYERS) {
    const column = places.filter((place) => place.layer === layer);
    const weight = ({ id }: Place) => {
      const before = ways.filter(({ to }) => to === id).flatMap(({ from }) => rows.get(from) ?? []);
      return before.length === 0 ? Number.POSITIVE_INFINITY : before.reduce((sum, row) => sum + row, 0) / before.length;
    };
    const weighed = column.map((place) => ({ place, weight: weight(place) }));
    weighed.sort((a, b) => (a.weight === b.weight ? (a.place.name < b.place.name ? -1 : 1) : a.weight - b.weight));
    for (const [row, { place }] of weighed.entries()) {
      rows.set(place.id, row);
      ordered.push({ ...place, row });
    }
  }
  return ordered;
}
