/** How a view may dress its text. Without colour every member returns its argument. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
  magenta(text: string): string;
}

export interface ViewContext {
  paint: Palette;
  /** Columns to fill; Infinity in a pipe. */
  width: number;
  /** Milliseconds since the epoch, for relative times. */
  now: number;
  /** A person reads this: relative times, signs, hints. In a pipe: ISO times, plain text. */
  terminal: boolean;
}

/** Turns data into text, ending without a newline. Pure. */
export type View<T> = (data: T, context: ViewContext) => string;

const same = (text: string) => text;
export const PLAIN: Palette = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  cyan: same,
  magenta: same,
};
