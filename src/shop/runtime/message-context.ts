import { type ParsedMessage, parseMessage } from '../../domain/parse-event.ts';
import type { ReceivedMessage, TablePort } from '../../ports.ts';
import type { Effect, Service } from '../../services/effects.ts';
import type { BatchState } from './batch-state.ts';
import type { EffectFact, Outcome, StepError } from './facts.ts';
import { toWrite } from './transaction.ts';

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

/** How often a decision is repeated after a write conflict before the message fails until its next delivery. */
const DECISIONS = 5;

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
 * Decides and writes. A condition that does not hold means that the state was stale, perhaps because of another delivery
 * of the same event: it is loaded and decided again.
 */
export async function decideAndWrite(
  context: MessageContext,
  service: Service,
  state: BatchState,
  tables: TablePort,
  now: number,
): Promise<void> {
  if ('problem' in context.parsed) return;
  const { event } = context.parsed;
  let conflict = '';
  for (let round = 1; round <= DECISIONS; round++) {
    if (round > 1) await state.load(service.load(event));
    const decision = service.decide(event, state.state, now);
    if (decision.outcome === 'refused') {
      fail(context, 'poison', { code: decision.reason, message: decision.detail });
      return;
    }
    if (decision.outcome === 'failed') {
      fail(context, 'failed', { code: decision.reason, message: decision.detail });
      return;
    }
    const pending = effectsByKind(decision.effects);
    const refused = await writeAll(pending.writes, context, state, tables);
    if (refused === undefined) {
      context.outcome = decision.outcome;
      context.pending = pending;
      return;
    }
    conflict = refused;
  }
  fail(context, 'failed', {
    code: 'conflict',
    message: `${conflict} changed ${DECISIONS} times while it was decided`,
  });
}

/** The labels of the writes whose conditions did not hold; undefined when everything was written. */
async function writeAll(
  writes: readonly Of<'write'>[],
  context: MessageContext,
  state: BatchState,
  tables: TablePort,
): Promise<string | undefined> {
  for (const { kind, summary, changes } of writes) {
    const outcome = await tables.write(changes.map(toWrite));
    if (!outcome.written) return outcome.conflicts.map(({ label }) => label).join(', ');
    for (const change of changes) state.apply(change);
    context.done.push({ kind, summary });
  }
  return undefined;
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
