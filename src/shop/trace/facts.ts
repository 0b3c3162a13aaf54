import type { OrderRecord } from '../../domain/records.ts';
import type { StepError } from '../runtime/facts.ts';

/** One delivery of an event to a service, and what it did. */
export interface TraceDelivery {
  service: string;
  message_id: string | null;
  /** 1 for the first delivery of the message. */
  attempt: number;
  /** handled, duplicate, ignored, failed or poison. */
  outcome: string;
  at: string;
  /** Milliseconds since the order was placed. */
  after_ms: number;
  duration_ms: number;
  effects: string[];
  error: StepError | null;
  /** Events that it published for the first time. */
  publishes: TraceEvent[];
}

/**
 * Where a delivery that is missing may be: waiting in its queue; failing there, after attempts that did not succeed; in
 * the dead-letter queue; in none of them (unaccounted), because it is lost, was never sent, or its log line is late.
 */
export type MissingState = 'waiting' | 'failing' | 'dead_lettered' | 'unaccounted';

/** A subscriber of a published event whose log does not say that it is done. */
export interface MissingDelivery {
  service: string;
  event_type: string;
  event_id: string;
  attempts: number;
  state: MissingState;
}

export interface TraceEvent {
  event_type: string;
  event_id: string;
  causation_id: string | null;
  /** Who published it and when, where a line tells. */
  published_by: string | null;
  published_at: string | null;
  after_ms: number | null;
  /** What the publisher did beside, when it was no delivery that caused the event. */
  effects: string[];
  deliveries: TraceDelivery[];
  missing: MissingDelivery[];
  /** Events that follow from this one by their causation id, though no delivery here says that it published them. */
  follows: TraceEvent[];
}

export interface Trace {
  order_id: string;
  correlation_id: string | null;
  /** The order's record; null when there are only log lines. */
  order: Pick<OrderRecord, 'customer_id' | 'status' | 'total_amount' | 'items' | 'created_at'> | null;
  started_at: string;
  /** From the placing of the order to its last line. */
  duration_ms: number;
  /** The order has come to its end, and every subscriber of every event has told that it is done. */
  settled: boolean;
  counts: { events: number; deliveries: number; duplicates: number; failed: number; log_lines: number };
  /** Those that nothing else caused: one, as a rule. */
  events: TraceEvent[];
  missing: MissingDelivery[];
}

/** A delivery by itself, as it is told while an order is followed. */
export type TraceStep = Omit<TraceDelivery, 'publishes'> & { kind: 'step'; event_type: string; event_id: string };
