import type { ServiceName } from '../domain/names.ts';
import type { ParsedMessage } from '../domain/parse-event.ts';
import type { DeliveryReport } from '../lab/step/report.ts';
import type { History } from '../lab/why/history.ts';
import type { StepFact } from '../shop/runtime/facts.ts';
import type { Plan } from '../shop/runtime/plan.ts';

/** A message that waits to be delivered. */
export interface WaitingMessage {
  /** Full name of its queue. */
  queue: string;
  message_id: string;
  body: string;
  attributes: Record<string, string>;
  /** Of the delivery that comes next; 1 for the first. */
  attempt: number;
  sent_at: string;
  group: string | null;
}

/** What a service of the shop makes of a message. */
export interface ServicesView {
  service: ServiceName;
  parsed: ParsedMessage;
  /** What it will do, as things stand. */
  plan: Plan;
}

/** A message as it is shown before its delivery. */
export interface ShownMessage extends WaitingMessage {
  edited: boolean;
  /** Who sent it, and its deliveries so far; null where no call log tells. */
  history: Pick<History, 'sent' | 'published' | 'deliveries'> | null;
  /** Who received from the queue lately; null where that is not known, and for the shop's own services. */
  consumers: { caller: string; at: string }[] | null;
  shop: ServicesView | null;
}

export interface Depth {
  queue: string;
  ready: number;
  in_flight: number;
  delayed: number;
}

/** One delivery, with what the service that handled it said, where that is one of the shop's. */
export interface HandledDelivery extends DeliveryReport {
  handled: StepFact | null;
}

export interface Delivered {
  edited: boolean;
  failed_call: { number: number; struck: boolean } | null;
  deliveries: HandledDelivery[];
}

export interface HowToDeliver {
  /** Once more after it was acknowledged. */
  twice?: boolean;
  /** Makes this call of the delivery fail, counted from 1. */
  failCall?: number;
  /** Takes the place of its body. */
  body?: string;
}

export type Ability = 'twice' | 'fail' | 'undo';

/** The messages that belong together. */
export interface Conversation {
  /** In words: `order ord_1`. */
  name: string;
  has(message: WaitingMessage): boolean;
  /** What was delivered may have sent more of them. */
  follow(deliveries: readonly HandledDelivery[]): void;
}

/** Consumers whose messages can be stepped. */
export interface Debuggee {
  readonly abilities: ReadonlySet<Ability>;
  /** What messages that belong together are of, in a word: order, conversation. */
  readonly belongings: string;
  /** From now on nothing flows but what is delivered here; resolves with the queues that it holds. */
  open(): Promise<{ held: string[] }>;
  /** Ends the holds that it made, however far it came; resolves with their queues. */
  close(): Promise<string[]>;
  depths(): Promise<Depth[]>;
  /** The next message of those that `isMeant`; undefined when none waits. */
  next(isMeant: (message: WaitingMessage) => boolean): Promise<WaitingMessage | undefined>;
  /** Resolves when something has come that may be a message, or with `signal`. */
  arrival(signal: AbortSignal): Promise<void>;
  show(message: WaitingMessage, edited: boolean): Promise<ShownMessage>;
  /** Rejects with `not_settled` when nobody takes it, and with `interrupted`. */
  deliver(message: WaitingMessage, how: HowToDeliver, signal: AbortSignal): Promise<Delivered>;
  /** Leaves it for later than this session. */
  leave(message: WaitingMessage): void;
  /** The service of the shop that it is for. */
  serviceOf(message: WaitingMessage): ServiceName | undefined;
  /** Where its dead letters go; null when it has no such queue. */
  deadLetterQueue(message: WaitingMessage): string | null;
  deadLetter(message: WaitingMessage): Promise<void>;
  conversation(message: WaitingMessage): Promise<Conversation>;
  /** Snapshots, for `undo`. */
  save(name: string): Promise<void>;
  load(name: string): Promise<void>;
  forget(name: string): Promise<void>;
}
