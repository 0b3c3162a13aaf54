import { invalidParameters, validationError } from './errors.ts';
import type { Index, KeyAttribute, KeySchema, KeyType } from './state.ts';

export interface KeySchemaElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

/** "Up to four attributes each" for the two parts of a global index's key (Developer Guide, Multi-attribute keys). */
const MOST_OF_A_KIND = 4;

/** The key of a table or index, with the types of its attributes. */
export function keySchemaOf(
  elements: readonly KeySchemaElement[],
  definitions: ReadonlyMap<string, KeyType>,
  subject: 'table' | Index['kind'],
): KeySchema {
  if (subject !== 'global') refuseMany(elements);
  refuseUndefined(elements, definitions, subject);
  if (elements[0]!.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (subject === 'global') checkOrder(elements);
  else checkPair(elements);
  const [partition, ...morePartition] = attributesOf('HASH', elements, definitions);
  const [sort, ...moreSort] = attributesOf('RANGE', elements, definitions);
  if (morePartition.length + moreSort.length === 0) return { partition: partition!, sort };
  return { partition: partition!, sort, more: { partition: morePartition, sort: moreSort } };
}

function attributesOf(
  kind: KeySchemaElement['KeyType'],
  elements: readonly KeySchemaElement[],
  definitions: ReadonlyMap<string, KeyType>,
): KeyAttribute[] {
  return elements
    .filter(({ KeyType }) => KeyType === kind)
    .map(({ AttributeName }) => ({ name: AttributeName, type: definitions.get(AttributeName)! }));
}

function refuseMany(elements: readonly KeySchemaElement[]): void {
  if (elements.length <= 2) return;
  const shown = elements.map(
    ({ AttributeName, KeyType }) => `KeySchemaElement(attributeName=${AttributeName}, keyType=${KeyType})`,
  );
  throw validationError(
    `1 validation error detected: Value '[${shown.join(', ')}]' at 'keySchema' failed to satisfy constraint: ` +
      'Member must have length less than or equal to 2',
  );
}

function refuseUndefined(
  elements: readonly KeySchemaElement[],
  definitions: ReadonlyMap<string, KeyType>,
  subject: 'table' | Index['kind'],
): void {
  const names = elements.map(({ AttributeName }) => AttributeName);
  if (subject === 'table' && names.length > definitions.size) {
    throw validationError('Invalid KeySchema: Some index key attribute have no definition');
  }
  if (names.every((name) => definitions.has(name))) return;
  throw invalidParameters(
    'Some index key attributes are not defined in AttributeDefinitions. ' +
      `Keys: [${names.join(', ')}], AttributeDefinitions: [${[...definitions.keys()].join(', ')}]`,
  );
}

function checkPair([first, second]: readonly KeySchemaElement[]): void {
  if (second === undefined) return;
  if (first!.AttributeName === second.AttributeName) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (second.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

function checkOrder(elements: readonly KeySchemaElement[]): void {
  for (const kind of ['HASH', 'RANGE'] as const) {
    if (elements.filter(({ KeyType }) => KeyType === kind).length > MOST_OF_A_KIND) {
      throw invalidParameters(`The KeySchema exceeds the maximum allowed number of ${kind} key attributes`);
    }
  }
  const firstRange = elements.findIndex(({ KeyType }) => KeyType === 'RANGE');
  if (firstRange !== -1 && elements.slice(firstRange).some(({ KeyType }) => KeyType === 'HASH')) {
    throw invalidParameters('All HASH key attributes must precede RANGE key attributes in the KeySchema');
  }
  if (new Set(elements.map(({ AttributeName }) => AttributeName)).size < elements.length) {
    throw validationError('The KeySchema contains multiple key attributes with the same name');
  }
}
