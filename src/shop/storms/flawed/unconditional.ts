import { idOf, KEY_ATTRIBUTE } from '../../../domain/records.ts';
import type { Change, Decision, Effect, State } from '../../../services/effects.ts';

/** A decision with each of its changes replaced. */
export function withChanges(decision: Decision, change: (each: Change) => Change): Decision {
  if (!('effects' in decision)) return decision;
  const effects = decision.effects.map(
    (effect): Effect => (effect.kind === 'write' ? { ...effect, changes: effect.changes.map(change) } : effect),
  );
  return { ...decision, effects };
}

/** A put that overwrites whatever is stored. */
export function unconditionalPut(change: Change, state: State): Change {
  if (change.op !== 'insert' && change.op !== 'replace') return change;
  const { table, item } = change;
  const id = idOf(table, item);
  if (state(table, id) === undefined) return { op: 'insert', table, item };
  return { op: 'replace', table, item, where: { [KEY_ATTRIBUTE[table]]: id } };
}
