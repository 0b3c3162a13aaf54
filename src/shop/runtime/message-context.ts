import { type ParsedMessage, parseMessage } from '../../domain/parse-event.ts';
import type { ReceivedMessage } from '../../ports.ts';
import type { Change, Effect, Service, State } from '../../services/effects.ts';
import type { EffectFact, Outcome, StepError } from './facts.ts';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Effects by kind, in the order in which kinds are carried out. */
export interface PendingEffects {
  writes: Of<'write'>[];
  stores: Of<'store'>[];
  publishes: Of<'publish'>[];
  measures: Of<'measure'>[];
  logs: Of<'log'>[];
}

/** A message in flight: its pending and completed effects, and its outcome. */
export interface MessageContext {
  readonly message: ReceivedMessage;
  readonly parsed: ParsedMessage;
  pending: PendingEffects;
  outcome: Outcome;
  error: StepError | undefined;
  done: EffectFact[];
  warnings: string[];
  acknowledged: boolean;
  /** The dead-letter queue to which it was sent because no retry can succeed. */
  deadLetterQueue: string | undefined;
  /** Milliseconds spent on it, shared work of the batch included. */
  durationMs: number;
}

export function createContext(message: ReceivedMessage): MessageContext {
  const parsed = parseMessage(message);
  const context: MessageContext = {
    message,
    parsed,
    pending: effectsByKind([]),
    outcome: 'handled',
    error: undefined,
    done: [],
    warnings: [],
    acknowledged: false,
    deadLetterQueue: undefined,
    durationMs: 0,
  };
  if (!('problem' in parsed)) return context;
  if (parsed.problem === 'unknown_type') {
    context.outcome = 'ignored';
    context.pending.logs.push({ kind: 'log', level: 'warn', action: 'unknown_type', summary: parsed.detail });
  } else fail(context, 'poison', { code: parsed.problem, message: parsed.detail });
  return context;
}

/** Marks a message as failed, so that it is not acknowledged. */
export function fail(context: MessageContext, outcome: 'failed' | 'poison', error: StepError): void {
  context.outcome = outcome;
  context.error = error;
  context.pending = effectsByKind([]);
}

/**
 * Takes over what the service decides about an event, in place of an earlier decision; returns the changes to write. None of
 * the effects have been performed yet.
 */
export function decide(context: MessageContext, service: Service, state: State, now: number): Change[] {
  if ('problem' in context.parsed) return [];
  const decision = service.decide(context.parsed.event, state, now);
  context.error = undefined;
  if (decision.outcome === 'refused' || decision.outcome === 'failed') {
    const outcome = decision.outcome === 'refused' ? 'poison' : 'failed';
    fail(context, outcome, { code: decision.reason, message: decision.detail });
    return [];
  }
  context.outcome = decision.outcome;
  context.pending = effectsByKind(decision.effects);
  return context.pending.writes.flatMap(({ changes }) => changes);
}

/** The writes that were decided on are done. */
export function written({ done, pending: { writes } }: MessageContext): void {
  done.push(...writes.map(({ kind, summary }) => ({ kind, summary })));
}

function effectsByKind(effects: readonly Effect[]): PendingEffects {
  const pending: PendingEffects = { writes: [], stores: [], publishes: [], measures: [], logs: [] };
  for (const effect of effects) {
    switch (effect.kind) {
      case 'write':
        pending.writes.push(effect);
        break;
      case 'store':
        pending.stores.push(effect);
        break;
      case 'publish':
        pending.publishes.push(effect);
        break;
      case 'measure':
        pending.measures.push(effect);
        break;
      case 'log':
        pending.logs.push(effect);
        break;
      default:
        effect satisfies never;
    }
  }
  return pending;
}
