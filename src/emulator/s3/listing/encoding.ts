import { invalidArgument } from '../errors.ts';
import { fromByteKey } from './byte-order.ts';

const CODES: Record<string, string> = { '%20': '+', '%2F': '/', '!': '%21', "'": '%27', '(': '%28', ')': '%29' };

/** Text as `encoding-type=url` wants it: form encoding that leaves slashes alone (ListObjectsV2, EncodingType). */
export const formEncode = (text: string) => encodeURIComponent(text).replace(/%20|%2F|[!'()]/g, (code) => CODES[code]!);

/** How keys are written into a listing. */
export type KeyWriter = (byteKey: string) => string;

export function keyWriter(encodingType: string | undefined): KeyWriter {
  if (encodingType === undefined) return fromByteKey;
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  return (byteKey) => formEncode(fromByteKey(byteKey));
}

const MOST_ENTRIES = 1000;

/** S3 lists at most 1000 entries a page and reports the number that it used. */
export function pageLimit(asked: number | undefined, argument: string): number {
  if (asked === undefined) return MOST_ENTRIES;
  return Math.min(checkedInteger(asked, argument), MOST_ENTRIES);
}

/** A number of a listing's query: what a page holds, or the part after which it begins. */
export function checkedInteger(asked: number, argument: string): number {
  if (asked >= 0 && asked <= 2 ** 31 - 1) return asked;
  throw invalidArgument(`Argument ${argument} must be an integer between 0 and 2147483647`, argument, asked);
}
