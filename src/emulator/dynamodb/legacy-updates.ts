import { invalidParameters } from './errors.ts';
import type { UpdateAction } from './expression/ast.ts';
import { type AttributeValue, checkedValue, checkName, typeOf } from './value.ts';

export interface LegacyUpdate {
  Action?: string;
  Value?: AttributeValue;
}

/** `AttributeUpdates` as update actions (Developer Guide, Legacy conditional parameters, AttributeUpdates). */
export function updateActionsOf(updates: Record<string, LegacyUpdate>): UpdateAction<AttributeValue>[] {
  return Object.keys(updates).map((name) => updateActionOf(name, updates[name]!));
}

function updateActionOf(name: string, update: LegacyUpdate): UpdateAction<AttributeValue> {
  checkName(name);
  const path = [name];
  const action = update.Action ?? 'PUT';
  const value = update.Value && checkedValue(update.Value);
  if (value === undefined) {
    if (action === 'DELETE') return { action: 'REMOVE', path };
    throw invalidParameters('Only DELETE action is allowed when no attribute value is specified');
  }
  const type = typeOf(value);
  if (action === 'PUT') return { action: 'SET', path, value: { kind: 'value', value } };
  const isSet = type === 'SS' || type === 'NS' || type === 'BS';
  if (action === 'DELETE') {
    if (!isSet) throw invalidParameters(`DELETE action with value is not supported for the type ${type}`);
    return { action: 'DELETE', path, value, legacy: true };
  }
  if (!isSet && type !== 'N' && type !== 'L') {
    throw invalidParameters(`ADD action is not supported for the type ${type}`);
  }
  return { action: 'ADD', path, value, legacy: true };
}
