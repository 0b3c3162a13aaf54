const WORD = /^=\?UTF-8\?([BQ])\?([^? ]*)\?=$/i;

/**
 * A text as an ASCII header can carry it: as it is, or as an encoded word (RFC 2047). S3 decodes words before it stores
 * them and gives back what is not ASCII as words of its own choice (S3 User Guide, User-defined object metadata).
 */
export function toHeader(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && text.trim() === text && !text.startsWith('=?')) return text;
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** The text of a header; of encoded words that follow each other, in base64 or quoted printable, what they say. */
export function fromHeader(header: string): string {
  const words = header.split(' ').map((each) => WORD.exec(each));
  if (!words.every((each) => each !== null)) return header;
  // The bytes of a character may be parted between two words.
  return Buffer.concat(words.map(([, encoding, content]) => bytesOf(encoding!, content!))).toString();
}

function bytesOf(encoding: string, content: string): Buffer {
  if (encoding.toUpperCase() === 'B') return Buffer.from(content, 'base64');
  const plain = content.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, code: string) => fromHex(code));
  return Buffer.from(plain, 'latin1');
}

const fromHex = (code: string) => String.fromCharCode(Number.parseInt(code, 16));
