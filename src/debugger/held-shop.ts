import { queueOf, type ServiceName } from '../domain/names.ts';
import type { Laboratory } from '../lab/step/port.ts';
import { SERVICE_MODULES } from '../services/registry.ts';
import { drainRetryDelay } from '../shop/runtime/drain.ts';
import type { StepFact } from '../shop/runtime/facts.ts';
import { handleMessages } from '../shop/runtime/step.ts';
import { AnyConsumer, type AnyConsumerOptions } from './any-consumer.ts';
import type { Conversation, Delivered, HowToDeliver, ShownMessage, WaitingMessage } from './model.ts';
import { ofOrder, type ShopPlace, serviceOf, servicesView } from './shop-view.ts';

const POLL_SECONDS = 20;

/** The shop's services, on held queues: they run in this process and take what is released. One queue after the other. */
export class HeldShop extends AnyConsumer {
  override readonly belongings = 'order';
  readonly #place: ShopPlace;
  readonly #order: string[];

  constructor(lab: Laboratory, place: ShopPlace, options: Omit<AnyConsumerOptions, 'queues'>) {
    const queues = place.services.map((service) => place.names.queue(queueOf(service)));
    super(lab, { ...options, queues });
    this.#place = place;
    this.#order = queues;
  }

  protected override choose(firsts: readonly WaitingMessage[]): WaitingMessage | undefined {
    for (const queue of this.#order) {
      const found = firsts.find((message) => message.queue === queue);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  override async show(message: WaitingMessage, edited: boolean): Promise<ShownMessage> {
    const shop = await servicesView(this.#place, message);
    return { ...(await super.show(message, edited)), consumers: null, shop };
  }

  override async deliver(message: WaitingMessage, how: HowToDeliver, signal: AbortSignal): Promise<Delivered> {
    const service = this.serviceOf(message)!;
    const worker = new Worker(service, this.#place);
    try {
      const delivered = await super.deliver(message, how, AbortSignal.any([signal, worker.failed]));
      this.#turn(message);
      await worker.stop();
      const deliveries = delivered.deliveries.map((delivery, index) => ({
        ...delivery,
        handled: worker.facts[index] ?? null,
      }));
      return { ...delivered, deliveries };
    } catch (error) {
      await worker.stop();
      throw error;
    }
  }

  override leave(message: WaitingMessage): void {
    this.#turn(message);
  }

  /** The next queue is asked first, as in a round of `drain`. */
  #turn({ queue }: WaitingMessage): void {
    this.#order.push(...this.#order.splice(0, this.#order.indexOf(queue) + 1));
  }

  override serviceOf(message: WaitingMessage): ServiceName | undefined {
    return serviceOf(this.#place, message);
  }

  override async conversation(message: WaitingMessage): Promise<Conversation> {
    return ofOrder(message);
  }
}

/** One service that polls its queue, until it is stopped. */
class Worker {
  readonly facts: StepFact[] = [];
  readonly #failed = new AbortController();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #failure: unknown;

  constructor(service: ServiceName, place: ShopPlace) {
    this.#running = this.#run(service, place).catch((error: unknown) => {
      this.#failure = error;
      this.#failed.abort();
    });
  }

  /** Aborts when it cannot go on. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Rejects with what kept it from working. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(service: ServiceName, { portsOf, clock }: ShopPlace): Promise<void> {
    const ports = portsOf(service);
    const deps = { ports, clock, services: SERVICE_MODULES, retryDelay: drainRetryDelay };
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const options = { max: 1, waitSeconds: POLL_SECONDS, signal };
      const messages = await ports.queues.receive(queueOf(service), options);
      if (messages.length > 0) this.facts.push(...(await handleMessages(service, messages, deps)));
    }
  }
}
