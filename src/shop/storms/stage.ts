import type { Ports } from '../../ports.ts';

/** Where a storm takes place: the shop on an engine whose clock stands still unless it is moved. */
export interface Stage {
  readonly ports: Ports;
  now(): number;
  /** Moves the clock ahead; tells whether anything was due on the way. */
  advance(ms: number): boolean;
  /** When the engine does something by itself next. */
  nextTimer(): number | undefined;
  /** Makes the engine deliver twice, or out of order, in the calls that follow; tells how often it has since the last time. */
  disturb(how: Disturbance | undefined): number;
  /** A fresh stack, whose ids and orders of delivery follow from the seed. */
  reset(seed: number): void;
  close(): void;
}

/** What only the engine itself can do wrong. */
export type Disturbance = 'duplicate' | 'reorder';

/** How the stack differs from the right one, for the lesson. */
export interface StageSetup {
  /** Queues keep what cannot be handled. */
  deadLetters: boolean;
  /** Fulfillment hears of orders when they are placed, instead of when they are paid. */
  shipsUnpaid: boolean;
}

export type OpenStage = (setup: StageSetup) => Promise<Stage>;

export const RIGHT_SETUP: StageSetup = { deadLetters: true, shipsUnpaid: false };
