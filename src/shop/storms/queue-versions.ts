import { queueOf } from '../../domain/names.ts';
import type { OutgoingEvent } from '../../ports.ts';
import type { Services } from '../../services/registry.ts';
import type { Call } from './calls.ts';

/** A version for each queue that grows when it may hold something new, so that a poll is repeated only then. */
export class QueueVersions {
  readonly #services: Services;
  readonly #versions = new Map<string, number>();
  #all = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  version(queue: string): number {
    return this.#all + (this.#versions.get(queue) ?? 0);
  }

  /** After a timer: hidden messages of any queue may be visible again. */
  bumpAll(): void {
    this.#all++;
  }

  /** After a call; a receive makes nothing new visible, unless a fault was injected into it. */
  afterCall({ name, args }: Call, faulty: boolean): void {
    if (name === 'queues.receive' && !faulty) return;
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
