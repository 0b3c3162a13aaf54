/** Values of ASN.1 in DER (ITU-T X.690), as far as an X.509 certificate needs them. */

function encoded(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length: number[] = [];
  for (let left = body.length; left > 0; left >>>= 8) length.unshift(left & 0xff);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Buffer.from(head), body]);
}

export const sequence = (...items: readonly Uint8Array[]) => encoded(0x30, ...items);
export const set = (...items: readonly Uint8Array[]) => encoded(0x31, ...items);
export const boolean = (value: boolean) => encoded(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string) => encoded(0x0c, Buffer.from(text));
export const octets = (bytes: Uint8Array) => encoded(0x04, bytes);
/** `unused`: how many of the last bits do not count. */
export const bits = (bytes: Uint8Array, unused = 0) => encoded(0x03, Buffer.from([unused]), bytes);

/** A number that is not negative, its most significant byte first. */
export const integer = (bytes: Uint8Array) =>
  encoded(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);

/** `[number]` around whole values. */
export const explicit = (number: number, ...items: readonly Uint8Array[]) => encoded(0xa0 | number, ...items);
/** `[number]` in the place of a simple value's own tag. */
export const implicit = (number: number, bytes: Uint8Array) => encoded(0x80 | number, bytes);

/** An object identifier, as `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f));
    bytes.push(...groups);
  }
  return encoded(0x06, Buffer.from(bytes));
}

/** Milliseconds since the epoch, before 2050 (RFC 5280, 4.1.2.5). */
export function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return encoded(0x17, Buffer.from(digits.slice(2)));
}
