import { AwsError } from '../../core/errors.ts';
import { ownText } from './own-text.ts';

const MOST_METADATA_BYTES = 2048;

/** User-defined metadata: at most 2 KB of names and values (S3 User Guide, Working with object metadata). */
export function userMetadata(given: Record<string, string> | Map<string, string> | undefined) {
  if (given === undefined) return undefined;
  const entries = given instanceof Map ? [...given] : Object.entries(given);
  if (entries.length === 0) return undefined;
  let size = 0;
  const metadata = new Map<string, string>();
  for (const [name, value] of entries) {
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
    metadata.set(name.toLowerCase(), ownText(asHeader(value)));
  }
  if (size > MOST_METADATA_BYTES) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      status: 400,
      fields: { Size: size, MaxSizeAllowed: MOST_METADATA_BYTES },
    });
  }
  return metadata;
}

const ASCII = /^[\t\x20-\x7e]*$/;
const ENCODED_WORD = /^=\?utf-8\?([qb])\?([^? ]*)\?=$/i;

/**
 * A value as S3 gives it back: ASCII as it is, everything else as an encoded word of RFC 2047; of an encoded word whose
 * text is ASCII, that text (S3 User Guide, Working with object metadata, User-defined object metadata).
 */
function asHeader(value: string): string {
  if (!ASCII.test(value)) return encodedWord(value);
  const word = value.startsWith('=?') ? ENCODED_WORD.exec(value) : null;
  if (word === null) return value;
  const text = decodedWord(word[1]!, word[2]!);
  return text !== undefined && ASCII.test(text) ? text : value;
}

/** Base64 where a character cannot be printed, else quoted printable, as S3 chooses. */
function encodedWord(value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  if (/\p{C}/u.test(value)) return `=?UTF-8?B?${bytes.toString('base64')}?=`;
  const text = bytes.toString('latin1').replace(/[=_\x80-\xff]/g, (byte) => `=${hex(byte)}`);
  return `=?UTF-8?Q?${text.replaceAll(' ', '_')}?=`;
}

const hex = (byte: string) => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');

function decodedWord(encoding: string, text: string): string | undefined {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString('utf8');
  const plain = text.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, code: string) => fromHex(code));
  return Buffer.from(plain, 'latin1').toString('utf8');
}

const fromHex = (code: string) => String.fromCharCode(Number.parseInt(code, 16));
