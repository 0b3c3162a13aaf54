/** What an engine does otherwise than by default (docs/engine.md). Part of its state, since calls act by it. */
export interface EngineSettings {
  /** As LocalStack does where it is less strict than AWS. */
  lenient: boolean;
  /** Whether standard queues deliver in order and once, or with the disorder and the duplicates that AWS allows itself. */
  delivery: Delivery;
}

export const DELIVERIES = ['in-order', 'aws'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export const DEFAULT_SETTINGS: EngineSettings = { lenient: false, delivery: 'in-order' };
