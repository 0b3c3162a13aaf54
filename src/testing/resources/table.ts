import { walkStored } from '../../emulator/dynamodb/packed-item.ts';
import type { DynamoState } from '../../emulator/dynamodb/state.ts';
import type { LabEngine } from '../engine.ts';
import { LabError } from '../error.ts';
import type { LabItem, LabTable } from '../types/resources.ts';

export function labTable(lab: LabEngine, name: string): LabTable {
  const tableOf = () => {
    const { tables } = lab.state<DynamoState>('dynamodb');
    const table = tables.get(name);
    if (table !== undefined) return table;
    throw new LabError(`there is no table ${name}; there are ${[...tables.keys()].join(', ')}`);
  };
  const items = (): LabItem[] => {
    const found: LabItem[] = [];
    walkStored(tableOf().items, { low: undefined, high: undefined }, false, (_key, { item }) => {
      found.push(plainItem(item as Item));
      return true;
    });
    return found;
  };
  return {
    name,
    items,
    item(key) {
      const { partition, sort } = tableOf().key;
      const names = [partition.name, ...(sort === undefined ? [] : [sort.name])];
      if (typeof key !== 'object' && names.length > 1)
        throw new LabError(`the key of ${name} is an object with ${names.join(' and ')}`);
      const wanted: LabItem = typeof key === 'object' ? key : { [partition.name]: key };
      const missing = names.find((each) => wanted[each] === undefined);
      if (missing !== undefined)
        throw new LabError(`the key of ${name} has ${names.join(' and ')}; ${missing} is missing`);
      const same = (value: unknown, other: unknown) =>
        value instanceof Uint8Array && other instanceof Uint8Array
          ? Buffer.compare(value, other) === 0
          : value === other ||
            (typeof other !== 'object' && typeof value !== typeof other && String(value) === String(other));
      return items().find((item) => names.every((each) => same(item[each], wanted[each])));
    },
  };
}

type Value = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Value>>;

function plainItem(item: Item): LabItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/** A value in DynamoDB's JSON as JavaScript has it, as the SDK's document client does. */
function plain(value: Value): unknown {
  const [type = '', content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'N':
      return numberOf(content as string);
    case 'SS':
    case 'BS':
      return new Set(content as Iterable<unknown>);
    case 'NS':
      return new Set([...(content as Iterable<string>)].map(numberOf));
    case 'NULL':
      return null;
    case 'L':
      return (content as Value[]).map(plain);
    case 'M':
      return plainItem(content as Item);
    default:
      return content;
  }
}

const numberOf = (text: string) => (String(Number(text)) === text ? Number(text) : text);
