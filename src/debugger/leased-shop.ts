import { deadLetterQueueOf, queueOf, type ServiceName } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import type { Ports, ReceivedMessage } from '../ports.ts';
import { SERVICE_MODULES } from '../services/registry.ts';
import { drainRetryDelay } from '../shop/runtime/drain.ts';
import { queueStates } from '../shop/runtime/drain-facts.ts';
import { LeasedMessages } from '../shop/runtime/leased-messages.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../shop/runtime/poison.ts';
import { handleMessages } from '../shop/runtime/step.ts';
import type {
  Ability,
  Conversation,
  Debuggee,
  Delivered,
  Depth,
  HandledDelivery,
  HowToDeliver,
  ShownMessage,
  WaitingMessage,
} from './model.ts';
import { changesBy } from './read-back.ts';
import { ofOrder, type ShopPlace, serviceOf, servicesView } from './shop-view.ts';

interface Received {
  service: ServiceName;
  message: ReceivedMessage;
}

/**
 * The shop's services on an engine that holds no queues: messages are received one by one and kept invisible until it is
 * said what becomes of them. There are no snapshots and no faults.
 */
export class LeasedShop implements Debuggee {
  readonly belongings = 'order';
  readonly abilities: ReadonlySet<Ability> = new Set(['twice']);
  readonly #place: ShopPlace;
  readonly #leased: LeasedMessages;
  readonly #received = new Map<string, Received>();
  readonly #signal: AbortSignal;
  #order: ServiceName[];

  constructor(place: ShopPlace, signal: AbortSignal) {
    this.#place = place;
    this.#order = [...place.services];
    this.#leased = new LeasedMessages(place);
    this.#signal = signal;
  }

  async open(): Promise<{ held: string[] }> {
    return { held: [] };
  }

  async close(): Promise<string[]> {
    await this.#leased.release();
    return [];
  }

  async depths(): Promise<Depth[]> {
    const { ports, names, services } = this.#place;
    const states = await queueStates(ports, services);
    return states.map(({ queue, ready, in_flight, delayed }) => {
      // Those that wait here are in flight by the engine's count only.
      const own = this.#leased.countIn(queue);
      return { queue: names.queue(queue), ready: ready + own, in_flight: Math.max(0, in_flight - own), delayed };
    });
  }

  async next(isMeant: (message: WaitingMessage) => boolean): Promise<WaitingMessage | undefined> {
    const known = [...this.#received.values()].map((received) => this.#waiting(received)).find(isMeant);
    if (known !== undefined) return known;
    for (const waitSeconds of [0, 1]) {
      for (const service of [...this.#order]) {
        const found = await this.#receive(service, waitSeconds);
        if (found !== undefined && isMeant(found)) return found;
      }
    }
    return undefined;
  }

  async arrival(): Promise<void> {}

  async show(message: WaitingMessage, edited: boolean): Promise<ShownMessage> {
    const shop = await servicesView(this.#place, message);
    return { ...message, edited, history: null, consumers: null, shop };
  }

  async deliver(message: WaitingMessage, { twice, body }: HowToDeliver): Promise<Delivered> {
    const { service, message: received } = this.#take(message);
    const edited = body === undefined ? received : { ...received, body };
    const ports = this.#place.portsOf(service);
    const first = await this.#handle(service, edited, twice ? withoutDelete(ports) : ports);
    const deliveries = twice ? [first, await this.#handle(service, edited, ports)] : [first];
    return { edited: body !== undefined, failed_call: null, deliveries };
  }

  leave(): void {}

  serviceOf(message: WaitingMessage): ServiceName | undefined {
    return serviceOf(this.#place, message);
  }

  deadLetterQueue(message: WaitingMessage): string | null {
    return this.#place.names.queue(deadLetterQueueOf(this.serviceOf(message)!));
  }

  async deadLetter(message: WaitingMessage): Promise<void> {
    const { service, message: received } = this.#take(message);
    const { queues } = this.#place.ports;
    const attributes = { ...received.attributes, [DEAD_LETTER_ATTRIBUTES.reason]: 'by_hand' };
    const [failure] = await queues.send(deadLetterQueueOf(service), [{ ...received, attributes }]);
    if (failure !== undefined) throw new CliffracerError('aws_error', `not dead-lettered: ${failure.message}`);
    await queues.delete(queueOf(service), [received.receiptHandle]);
  }

  async conversation(message: WaitingMessage): Promise<Conversation> {
    return ofOrder(message);
  }

  async save(): Promise<void> {}
  async load(): Promise<void> {}
  async forget(): Promise<void> {}

  async #receive(service: ServiceName, waitSeconds: number): Promise<WaitingMessage | undefined> {
    const options = { max: 1, waitSeconds, signal: this.#signal };
    const [message] = await this.#place.portsOf(service).queues.receive(queueOf(service), options);
    if (message === undefined) return undefined;
    this.#leased.add(service, message);
    this.#received.set(message.messageId, { service, message });
    return this.#waiting({ service, message });
  }

  #waiting({ service, message }: Received): WaitingMessage {
    const { messageId: message_id, body, attributes, receiveCount: attempt, sentAt } = message;
    const queue = this.#place.names.queue(queueOf(service));
    return { queue, message_id, body, attributes, attempt, sent_at: new Date(sentAt).toISOString(), group: null };
  }

  /** The next queue is asked first, as in a round of `drain`. */
  #take({ message_id }: WaitingMessage): Received {
    const received = this.#received.get(message_id)!;
    this.#received.delete(message_id);
    this.#leased.remove(message_id);
    this.#order.push(...this.#order.splice(0, this.#order.indexOf(received.service) + 1));
    return received;
  }

  async #handle(service: ServiceName, message: ReceivedMessage, ports: Ports): Promise<HandledDelivery> {
    const { clock, names } = this.#place;
    const { plan } = (await servicesView(this.#place, this.#waiting({ service, message })))!;
    const deps = { ports, clock, services: SERVICE_MODULES, retryDelay: drainRetryDelay };
    const taken = clock.now();
    const act = () => handleMessages(service, [message], deps);
    const { result, items, objects } = await changesBy(act, plan, this.#place);
    const fact = result[0]!;
    const dead = fact.dead_letter_queue;
    return {
      ...{ id: `${message.messageId}:${fact.attempt}`, attempt: fact.attempt, caller: names.caller(service) },
      outcome: fact.acknowledged ? 'acknowledged' : 'returned',
      ...{ taken_at: new Date(taken).toISOString(), ended_at: new Date(clock.now()).toISOString() },
      ...{ duration_ms: fact.duration_ms, items, objects, published: [], others: [], calls: [] },
      sent: dead === undefined ? [] : [{ queue: names.queue(dead), message_id: message.messageId, body: message.body }],
      handled: fact,
    };
  }
}

/** Everything is done but the deletion, so that the message can be delivered once more. */
const withoutDelete = (ports: Ports): Ports => ({ ...ports, queues: { ...ports.queues, delete: async () => [] } });
