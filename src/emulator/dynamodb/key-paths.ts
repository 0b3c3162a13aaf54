import { validationError } from './errors.ts';
import type { Condition, Path } from './expression/ast.ts';
import { eachPath } from './expression/condition-paths.ts';
import { keyAttributes } from './key.ts';
import type { KeySchema, Table } from './state.ts';
import type { AttributeValue } from './value.ts';

/** Paths into a key attribute make no sense, as keys are scalars. */
export function refusePathsIntoKeys(
  table: Table,
  condition: Condition<AttributeValue> | undefined,
  paths: readonly Path[] | undefined,
): void {
  const refuse = (path: Path) => {
    if (path.length > 1) refuseKey(table, path[0] as string);
  };
  if (condition !== undefined) eachPath(condition, refuse);
  paths?.forEach(refuse);
}

function refuseKey(table: Table, name: string): void {
  const isKey = isKeyAttribute(table.key, name);
  if (!isKey && !table.indexes.some((index) => isKeyAttribute(index.key, name))) return;
  throw validationError(
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
      `${isKey ? 'Key' : 'IndexKey'}: ${name}`,
  );
}

export function isKeyAttribute(key: KeySchema, name: string): boolean {
  return keyAttributes(key).some((attribute) => attribute.name === name);
}
