import stringWidth from 'string-width';

/** Colours as chalk writes them. */
const COLOUR = /\u001b\[[\d;]*m/g;
/** Printable ASCII, and the signs that the program itself writes: one column each. */
const NARROW = /^[\x20-\x7e·–—…❯›‹▶‖»→↓×✓↻✗│▁-█├└─]*$/;

/** Columns that a text takes on a terminal, colours left out. string-width says so of every text, and takes thirty times as long. */
export function columnsOf(text: string): number {
  const plain = text.includes('\u001b') ? text.replace(COLOUR, '') : text;
  return NARROW.test(plain) ? plain.length : stringWidth(plain);
}
