import stringWidth from 'string-width';

/** Colours as chalk writes them. */
const COLOUR = /\u001b\[[\d;]*m/g;
/** Printable ASCII, and the signs of this screen: one column each. */
const NARROW = /^[\x20-\x7e│▁-█…❯›▶‖»→↓✓↻✗·├└─]*$/;

/** Where in its line the next text stands, counted from 1: CHA of ECMA-48. A terminal that thinks otherwise of an emoji's width stays in step. */
export const atColumn = (column: number) => `\u001b[${column}G`;

/** Columns that a text takes on a terminal, colours left out. string-width says so of every text, and takes thirty times as long. */
export function columnsOf(text: string): number {
  const plain = text.includes('\u001b') ? text.replace(COLOUR, '') : text;
  return NARROW.test(plain) ? plain.length : stringWidth(plain);
}
