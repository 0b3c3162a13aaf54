import { type ParsedMessage, parseMessage } from '../../domain/parse-event.ts';
import type { ReceivedMessage, TablePort } from '../../ports.ts';
import type { Effect, Service } from '../../services/effects.ts';
import type { EffectFact, Outcome, StepError } from './facts.ts';
import type { Loaded } from './loaded.ts';
import { toWrite } from './transaction.ts';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Effects by kind, in the order in which kinds are carried out. */
export interface Todo {
  writes: Of<'write'>[];
  stores: Of<'store'>[];
  publishes: Of<'publish'>[];
  measures: Of<'measure'>[];
  logs: Of<'log'>[];
}

/** A message in hand: what is to be done for it, and how far it got. */
export interface Handling {
  readonly message: ReceivedMessage;
  readonly parsed: ParsedMessage;
  todo: Todo;
  outcome: Outcome;
  error: StepError | undefined;
  done: EffectFact[];
  warnings: string[];
  acknowledged: boolean;
  /** Where it was sent because no further try can mend it. */
  deadLetterQueue: string | undefined;
  /** Milliseconds spent on it, its share of what a batch does together included. */
  spent: number;
}

/** How often stale state is loaded and decided again before the message is left to its next delivery. */
const DECISIONS = 5;

export function begin(message: ReceivedMessage): Handling {
  const parsed = parseMessage(message);
  const handling: Handling = {
    message,
    parsed,
    todo: todoOf([]),
    outcome: 'handled',
    error: undefined,
    done: [],
    warnings: [],
    acknowledged: false,
    deadLetterQueue: undefined,
    spent: 0,
  };
  if (!('problem' in parsed)) return handling;
  if (parsed.problem === 'unknown_type') {
    handling.outcome = 'ignored';
    handling.todo.logs.push({ kind: 'log', level: 'warn', action: 'unknown_type', summary: parsed.detail });
  } else fail(handling, 'poison', { code: parsed.problem, message: parsed.detail });
  return handling;
}

/** Takes a message out of the further course: it will not be acknowledged. */
export function fail(handling: Handling, outcome: 'failed' | 'poison', error: StepError): void {
  handling.outcome = outcome;
  handling.error = error;
  handling.todo = todoOf([]);
}

/**
 * Decides and writes. A condition that does not hold means that the state has moved on since it was loaded, perhaps by
 * another delivery of the same event: what stands there now decides.
 */
export async function decideAndWrite(
  handling: Handling,
  service: Service,
  loaded: Loaded,
  tables: TablePort,
  now: number,
): Promise<void> {
  if ('problem' in handling.parsed) return;
  const { event } = handling.parsed;
  let conflict = '';
  for (let round = 1; round <= DECISIONS; round++) {
    if (round > 1) await loaded.load(service.load(event));
    const decision = service.decide(event, loaded.state, now);
    if (decision.outcome === 'refused') {
      fail(handling, 'poison', { code: decision.reason, message: decision.detail });
      return;
    }
    if (decision.outcome === 'failed') {
      fail(handling, 'failed', { code: decision.reason, message: decision.detail });
      return;
    }
    const todo = todoOf(decision.effects);
    const refused = await writeAll(todo.writes, handling, loaded, tables);
    if (refused === undefined) {
      handling.outcome = decision.outcome;
      handling.todo = todo;
      return;
    }
    conflict = refused;
  }
  fail(handling, 'failed', {
    code: 'conflict',
    message: `${conflict} changed ${DECISIONS} times while it was decided`,
  });
}

/** Names what kept a transaction from being written; undefined when everything was. */
async function writeAll(
  writes: readonly Of<'write'>[],
  handling: Handling,
  loaded: Loaded,
  tables: TablePort,
): Promise<string | undefined> {
  for (const { kind, summary, changes } of writes) {
    const outcome = await tables.write(changes.map(toWrite));
    if (!outcome.written) return outcome.conflicts.map(({ label }) => label).join(', ');
    for (const change of changes) loaded.apply(change);
    handling.done.push({ kind, summary });
  }
  return undefined;
}

function todoOf(effects: readonly Effect[]): Todo {
  const todo: Todo = { writes: [], stores: [], publishes: [], measures: [], logs: [] };
  for (const effect of effects) {
    switch (effect.kind) {
      case 'write':
        todo.writes.push(effect);
        break;
      case 'store':
        todo.stores.push(effect);
        break;
      case 'publish':
        todo.publishes.push(effect);
        break;
      case 'measure':
        todo.measures.push(effect);
        break;
      case 'log':
        todo.logs.push(effect);
        break;
      default:
        effect satisfies never;
    }
  }
  return todo;
}
