import type { Change, Service, State } from '../../../services/effects.ts';
import { withChanges } from './unconditional.ts';

/** Inventory that writes absolute values from what it read: of two concurrent writes one is lost. */
export const withReadThenWrite = (inventory: Service): Service => ({
  ...inventory,
  decide: (event, state, now) =>
    withChanges(inventory.decide(event, state, now), (change) => withoutCondition(change, state)),
});

function withoutCondition(change: Change, state: State): Change {
  if (change.op !== 'adjust' || change.table !== 'inventory') return change;
  const { table, id, add } = change;
  const item = { ...state(table, id) };
  for (const [name, amount] of Object.entries(add)) item[name] = Number(item[name] ?? 0) + amount;
  return { op: 'replace', table, item, where: { sku: id } };
}
