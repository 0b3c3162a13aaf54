/** A text that was cut out of a request's head would keep the whole of that in memory; a copy of its own does not. */
export function ownText(text: string): string {
  const encoding = Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8';
  return Buffer.from(text, encoding).toString(encoding);
}
