import { queueOf } from '../../domain/names.ts';
import type { OutgoingEvent } from '../../ports.ts';
import type { Services } from '../../services/registry.ts';
import type { Call } from './calls.ts';

/** Tells which queues may hold something new, so that nobody asks a queue again in which nothing has happened. */
export class Arrivals {
  readonly #services: Services;
  readonly #versions = new Map<string, number>();
  #all = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  version(queue: string): number {
    return this.#all + (this.#versions.get(queue) ?? 0);
  }

  /** Time has passed: any queue may have something that was hidden. */
  everywhere(): void {
    this.#all++;
  }

  /** A call has been made; one that receives leaves nothing new behind, unless it was disturbed. */
  after({ name, args }: Call, disturbed: boolean): void {
    if (name === 'queues.receive' && !disturbed) return;
    if (name === 'topic.publish') {
      for (const { attributes } of args[0] as readonly OutgoingEvent[]) this.#published(attributes.event_type ?? '');
    } else if (name.startsWith('queues.')) this.#bump(args[0] as string);
  }

  #published(eventType: string): void {
    for (const { name, consumes } of Object.values(this.#services)) {
      if ((consumes as readonly string[]).includes(eventType)) this.#bump(queueOf(name));
    }
  }

  #bump(queue: string): void {
    this.#versions.set(queue, (this.#versions.get(queue) ?? 0) + 1);
  }
}
