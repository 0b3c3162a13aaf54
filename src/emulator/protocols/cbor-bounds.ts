import { MAX_VALUES, tooManyValues } from './bodies.ts';

const BYTES = 2;
const TEXT = 3;

/**
 * Refuses CBOR with too many items before it is decoded: a byte is enough for an empty list, which costs the decoder
 * hundreds. Every head is counted, also those of tags and of the pieces of a string (RFC 8949, 3).
 */
export function checkCborBounds(body: Buffer): void {
  let items = 0;
  for (let at = 0; at < body.length; ) {
    if (++items > MAX_VALUES) throw tooManyValues();
    const major = body[at]! >> 5;
    const size = body[at]! & 0x1f;
    at++;
    const extra = size >= 24 && size <= 27 ? 1 << (size - 24) : 0;
    if (major === BYTES || major === TEXT) at += extra === 0 ? size % 31 : lengthAt(body, at, extra);
    at += extra;
  }
}

/** A length that stands in so many bytes; of what reaches beyond the body it does not matter how far. */
function lengthAt(body: Buffer, at: number, bytes: number): number {
  let length = 0;
  for (let index = 0; index < bytes; index++) length = length * 256 + (body[at + index] ?? 0);
  return length;
}
