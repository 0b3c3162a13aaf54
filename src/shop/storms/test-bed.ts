import type { Ports } from '../../ports.ts';

/** The shop's stack on an engine in this process, with a frozen clock. */
export interface TestBed {
  readonly ports: Ports;
  now(): number;
  /** Advances the clock; true when a timer of the engine fired. */
  advance(ms: number): boolean;
  /** When the engine's next timer is due. */
  nextTimer(): number | undefined;
  /** Makes the engine duplicate or reorder deliveries in the calls that follow; returns how often it did since it was last set. */
  setDeliveryFault(fault: DeliveryFault | undefined): number;
  /** A fresh stack, whose ids and orders of delivery follow from the seed. */
  reset(seed: number): void;
  close(): void;
}

/** Faults that only the engine itself can produce. */
export type DeliveryFault = 'duplicate' | 'reorder';

/** Deliberate mistakes in the stack, for the flawed handlers. */
export interface StackVariant {
  /** Queues have dead-letter queues. */
  deadLetters: boolean;
  /** Fulfillment is subscribed to order_created instead of payment_succeeded. */
  shipsUnpaid: boolean;
}

export type OpenTestBed = (setup: StackVariant) => Promise<TestBed>;

export const STANDARD_STACK: StackVariant = { deadLetters: true, shipsUnpaid: false };
