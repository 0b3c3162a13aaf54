import { numberSize } from './number.ts';
import { type AttributeValue, type Item, typeOf } from './value.ts';

export const LARGEST_ITEM = 400 * 1024;

/** Size of an item as DynamoDB counts it: names and values (Developer Guide, Item sizes and formats). */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) size += textSize(name) + valueSize(item[name]!);
  return size;
}

const SHORT = 128;

/** Bytes in UTF-8. Most names and values are short ASCII, which is counted faster here than outside JavaScript. */
function textSize(text: string): number {
  if (text.length > SHORT) return Buffer.byteLength(text, 'utf8');
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return Buffer.byteLength(text, 'utf8');
  return text.length;
}

function valueSize(value: AttributeValue): number {
  switch (typeOf(value)) {
    case 'S':
      return textSize(value.S!);
    case 'N':
      return numberSize(value.N!);
    case 'B':
      return value.B!.byteLength;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'SS':
      return value.SS!.reduce((size, member) => size + textSize(member), 0);
    case 'NS':
      return value.NS!.reduce((size, member) => size + numberSize(member), 0);
    case 'BS':
      return value.BS!.reduce((size, member) => size + member.byteLength, 0);
    case 'L':
      return value.L!.reduce((size, element) => size + 1 + valueSize(element), 3);
    case 'M':
      return 3 + Object.keys(value.M!).length + itemSize(value.M!);
  }
}
