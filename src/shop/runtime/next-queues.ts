import type { ServiceName } from '../../domain/names.ts';
import type { Services } from '../../services/registry.ts';
import type { StepFact } from './facts.ts';
import { BATCH, MOST_RECEIVED } from './receive-many.ts';

/** They publish nothing, so nobody waits for them. */
const LAST: ReadonlySet<ServiceName> = new Set(['order', 'analytics']);

/** Which queues a drain reads next: those in which something may be, by what it saw and published itself. */
export class NextQueues {
  readonly #services: readonly ServiceName[];
  readonly #modules: Services;
  readonly #expected: Set<ServiceName>;
  #received = 0;
  /** Whether the latest round is of all queues. */
  all = false;

  constructor(services: readonly ServiceName[], modules: Services) {
    this.#services = services;
    this.#modules = modules;
    this.#expected = new Set(services);
  }

  /**
   * While little comes, the last services wait for the others: what they get meanwhile comes in one batch, and the facts of an
   * order in one write. When nothing is expected, all queues: others may have sent something.
   */
  round(): ServiceName[] {
    const expected = this.#services.filter((service) => this.#expected.has(service));
    const first = expected.filter((service) => !LAST.has(service));
    const chosen = first.length > 0 && this.#received < BATCH ? first : expected;
    this.#received = 0;
    this.all = chosen.length === 0 || chosen.length === this.#services.length;
    return this.all ? [...this.#services] : chosen;
  }

  received(service: ServiceName, count: number): void {
    this.#received += count;
    if (count < MOST_RECEIVED) this.#expected.delete(service);
  }

  handled({ service, acknowledged, effects }: StepFact): void {
    if (!acknowledged) this.#expected.add(service);
    const published = effects.filter(({ kind }) => kind === 'publish').map(({ summary }) => summary);
    for (const each of this.#services) {
      if (this.#modules[each].consumes.some((type) => published.includes(type))) this.#expected.add(each);
    }
  }
}
