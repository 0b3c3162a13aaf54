import type { ShopEvent } from '../../domain/events.ts';
import type { ParsedMessage } from '../../domain/parse-event.ts';
import type { TablePort } from '../../ports.ts';
import type { Effect, Service, StateKey } from '../../services/effects.ts';
import { BatchState } from './batch-state.ts';
import type { EffectFact } from './facts.ts';
import { changedId } from './transaction.ts';

/** What a service will do with a message, as things stand; nothing is done. */
export interface Plan {
  outcome: 'handled' | 'duplicate' | 'ignored' | 'failed' | 'poison';
  effects: EffectFact[];
  /** Why it cannot be handled. */
  error?: { code: string; message: string };
  /** Items that it writes. */
  items: StateKey[];
  /** Keys of the objects that it stores. */
  objects: string[];
}

const NOTHING = { effects: [], items: [], objects: [] };

/** Decides as the service will: `decide` is pure, and only what it needs to know is read. */
export async function planOf(
  parsed: ParsedMessage,
  service: Service,
  { tables, now }: { tables: TablePort; now: number },
): Promise<Plan> {
  if ('problem' in parsed) {
    const error = { code: parsed.problem, message: parsed.detail };
    return { ...NOTHING, outcome: parsed.problem === 'unknown_type' ? 'ignored' : 'poison', error };
  }
  const decision = await decide(parsed.event, service, tables, now);
  if (decision.outcome === 'refused' || decision.outcome === 'failed') {
    const error = { code: decision.reason, message: decision.detail };
    return { ...NOTHING, outcome: decision.outcome === 'refused' ? 'poison' : 'failed', error };
  }
  const { outcome, effects } = decision;
  return {
    outcome,
    effects: effects.map(({ kind, summary }) => ({ kind, summary })),
    items: itemsOf(effects),
    objects: effects.flatMap((effect) => (effect.kind === 'store' ? [effect.key] : [])),
  };
}

async function decide(event: ShopEvent, service: Service, tables: TablePort, now: number) {
  const state = new BatchState(tables);
  await state.load(service.load(event));
  return service.decide(event, state.state, now);
}

function itemsOf(effects: readonly Effect[]): StateKey[] {
  const changes = effects.flatMap((effect) => (effect.kind === 'write' ? effect.changes : []));
  const written = changes.filter(({ op }) => op !== 'expect' && op !== 'expect_below');
  return written.map((change) => ({ table: change.table, id: changedId(change) }));
}
