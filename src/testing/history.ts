import { lastPart } from '../emulator/calls/resources.ts';
import type { LabEngine } from './engine.ts';
import { contentOf, matches } from './match.ts';
import type { LabDelivery, LabPublished, Match } from './types/resources.ts';

/** What became of messages, as the call log knows it since the lab began or was restored. */
export class History {
  readonly #lab: LabEngine;
  /** Messages that a mapping's filter deleted: nobody consumed them. */
  readonly filtered = new Set<string>();

  constructor(lab: LabEngine) {
    this.#lab = lab;
  }

  /** Every receive from a queue, oldest first. */
  deliveries(queue: string, match: Match | undefined): LabDelivery[] {
    const found = new Map<string, LabDelivery>();
    for (const { effects = [], deliveries = [], caller, at } of this.#entries()) {
      for (const effect of effects) {
        if (effect.kind !== 'message' || lastPart(effect.queue) !== queue) continue;
        const { id, receives, body = '', change } = effect;
        if (change === 'received') {
          const delivery: LabDelivery = {
            ...content(id, body),
            consumer: caller,
            attempt: receives,
            at: new Date(at),
            end: 'open',
          };
          found.set(`${id}:${receives}`, delivery);
          continue;
        }
        const end = ENDS[change];
        const ended = deliveries.find(({ messageId }) => messageId === id)?.attempt ?? receives;
        const delivery = found.get(`${id}:${ended}`);
        if (end !== undefined && delivery?.end === 'open') delivery.end = end;
      }
    }
    return [...found.values()].filter((each) => !this.filtered.has(each.id) && matches(match, each));
  }

  /** Messages that came into a queue: sent there, published to it, or moved from another one. */
  arrivals(queue: string, match: Match | undefined): { id: string; body: string }[] {
    const bodies = new Map<string, string>();
    const found = new Map<string, { id: string; body: string }>();
    for (const { effects = [] } of this.#entries()) {
      for (const effect of effects) {
        if (effect.kind !== 'message') continue;
        const { id, body, change, to } = effect;
        if (body !== undefined) bodies.set(id, body);
        const place =
          change === 'sent' ? effect.queue : change === 'dead_lettered' || change === 'moved' ? to : undefined;
        if (place !== undefined && lastPart(place) === queue) found.set(id, { id, body: bodies.get(id) ?? '' });
      }
    }
    return [...found.values()].filter(({ id, body }) => matches(match, content(id, body)));
  }

  published(topic: string, match: Match | undefined): LabPublished[] {
    const found: LabPublished[] = [];
    for (const { effects = [], at } of this.#entries()) {
      for (const effect of effects) {
        if (effect.kind !== 'published' || lastPart(effect.topic) !== topic) continue;
        const delivered = effect.deliveries.filter(({ outcome }) => outcome === 'delivered');
        const queues = delivered.map(({ endpoint }) => lastPart(endpoint));
        found.push({ ...content(effect.id, effect.body), at: new Date(at), queues });
      }
    }
    return found.filter((each) => matches(match, each));
  }

  #entries() {
    return this.#lab.log.from(this.#lab.since);
  }
}

const content = (id: string, body: string) => ({ id, body, json: contentOf(body) });

const ENDS: Readonly<Record<string, LabDelivery['end']>> = {
  deleted: 'deleted',
  returned: 'returned',
  visible: 'expired',
  dead_lettered: 'expired',
  expired: 'expired',
};
