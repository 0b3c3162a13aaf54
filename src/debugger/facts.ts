import type { Delivered, Depth, ShownMessage } from './model.ts';

/** Why a session ended: `until` and `max` as asked for, `empty` when nothing waits any more. */
export type DebugEnd = 'empty' | 'until' | 'max' | 'quit' | 'interrupted' | 'not_taken';

interface OfMessage {
  queue: string;
  message_id: string;
}

export interface OpenedFact {
  kind: 'opened';
  /** Queues whose hold this session made. */
  held: string[];
  queues: Depth[];
}

/** One message was delivered. */
export interface DeliveredFact extends OfMessage, Delivered {
  kind: 'step';
  attempt: number;
  twice: boolean;
  /** As it was shown before; null when nobody was asked. */
  before: ShownMessage | null;
  /** Breakpoints that it fulfils. */
  breakpoints: string[];
  /** The state from before it is back. */
  undone: boolean;
  queues: Depth[];
}

export interface LeftFact extends OfMessage {
  kind: 'left';
}

export interface DeadLetteredFact extends OfMessage {
  kind: 'dead_lettered';
  dead_letter_queue: string;
  queues: Depth[];
}

export interface UndoneFact extends OfMessage {
  kind: 'undone';
  queues: Depth[];
}

/** Nobody took the message; it is held again. */
export interface NotTakenFact extends OfMessage {
  kind: 'not_taken';
  message: string;
  hint: string | null;
}

/** All messages of a conversation are handled. */
export interface ConversationEndedFact {
  kind: 'conversation_ended';
  conversation: string;
}

export interface DebugSummary {
  kind: 'summary';
  ended: DebugEnd;
  /** Deliveries that were acknowledged, and those that were not. */
  handled: number;
  failed: number;
  left: number;
  dead_lettered: number;
  undone: number;
  /** Queues whose hold is over. */
  released: string[];
  duration_ms: number;
}

export type DebugFact =
  | OpenedFact
  | DeliveredFact
  | LeftFact
  | DeadLetteredFact
  | UndoneFact
  | NotTakenFact
  | ConversationEndedFact
  | DebugSummary;
