import type { ServiceName } from '../../domain/names.ts';
import type { Problem } from '../../domain/parse-event.ts';
import type { Effect, Refusal, Trouble } from '../../services/effects.ts';

/**
 * The outcome of a message: handled; duplicate (done before, published again); ignored (not for this service, or of an
 * unknown type); failed (may succeed later); poison (cannot succeed: it goes to the dead-letter queue).
 */
export type Outcome = 'handled' | 'duplicate' | 'ignored' | 'failed' | 'poison';

export interface EffectFact {
  kind: Effect['kind'];
  summary: string;
}

export interface StepError {
  code: Problem | Refusal | Trouble | 'conflict' | 'not_acknowledged' | (string & {});
  message: string;
  stack?: string;
}

/** One message handled, as shown and as printed with --json. */
export interface StepFact {
  kind: 'step';
  service: ServiceName;
  queue: string;
  message_id: string;
  /** Fields of the event; a message that is no event may lack all of them. */
  event_type?: string;
  event_id?: string;
  order_id?: string;
  correlation_id?: string;
  causation_id?: string | null;
  /** 1 for the first delivery. */
  attempt: number;
  outcome: Outcome;
  /** False when the message will be delivered again. */
  acknowledged: boolean;
  /** It was moved to this queue, because no retry can succeed. */
  dead_letter_queue?: string;
  /** The completed effects, in order. */
  effects: EffectFact[];
  error?: StepError;
  /** Problems that do not affect the shop, as metrics that were refused. */
  warnings: string[];
  duration_ms: number;
}
