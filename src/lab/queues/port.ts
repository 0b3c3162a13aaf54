/** A queue of the engine or the account, whatever it is for. */
export interface QueueState {
  queue: string;
  fifo: boolean;
  ready: number;
  in_flight: number;
  delayed: number;
  /** Of the ready ones, those that no receiver gets. */
  held: number;
  hold: { since: string; where: string | null; released: number } | null;
  /** When the oldest message was sent; null without messages, and where the engine does not tell. */
  oldest_at: string | null;
  dead_letter_queue: string | null;
  /** Queues whose dead letters come here. */
  dead_letters_of: string[];
  /** Who received lately, the latest first; null where the engine does not tell. */
  consumers: { caller: string; at: string; received: number }[] | null;
}

export interface TopicState {
  topic: string;
  arn: string;
  fifo: boolean;
  subscriptions: { protocol: string; endpoint: string; arn: string }[];
}

/** An attribute of a message; numbers are text too. */
export interface AttributeText {
  type: string;
  value: string;
}

export interface NewMessage {
  body: string;
  attributes: Record<string, AttributeText>;
  group?: string;
  deduplication?: string;
}

/** Queues and topics by their own names, of whatever stack, on every engine and on AWS. */
export interface Messaging {
  queues(): Promise<QueueState[]>;
  topics(): Promise<TopicState[]>;
  send(queue: string, message: NewMessage & { delaySeconds?: number }): Promise<{ message_id: string }>;
  publish(topicArn: string, message: NewMessage & { subject?: string }): Promise<{ message_id: string }>;
}

/** What is released: this message, or the oldest ones. */
export interface Release {
  message?: string;
  max?: number;
  /** Takes the place of the message's body. */
  body?: string;
  /** Once the message was deleted, a copy of it is there, held, to be delivered again. */
  again?: boolean;
}

/** The queues of the embedded engine, which can be held. Every method rejects with `unsupported` on others. */
export interface Holds {
  queues(): Promise<QueueState[]>;
  hold(queue: string, where?: string): Promise<{ queue: string; held: number }>;
  release(queue: string, what: Release): Promise<{ queue: string; released: string[]; held: number }>;
  /** Ends the hold. */
  end(queue: string): Promise<{ queue: string; released: number }>;
}
