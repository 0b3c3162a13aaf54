const NOT_ASCII = /[^\x00-\x7f]/;

/**
 * S3 lists keys in the order of their UTF-8 bytes, JavaScript compares UTF-16 units, and the two differ above U+FFFF.
 * A byte key is the text with one character per UTF-8 byte, so that plain string comparison, prefixes and slices are
 * those of the bytes. Of ASCII text, which most keys are, it is the text itself.
 */
export function toByteKey(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

export function fromByteKey(byteKey: string): string {
  return NOT_ASCII.test(byteKey) ? Buffer.from(byteKey, 'latin1').toString('utf8') : byteKey;
}

/** The smallest string above every string that starts with `prefix` (which is not empty). */
export function afterPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
