import { type Cents, multiplyMoney, parseMoney, sumMoney } from './money.ts';
import type { OrderLine } from './records.ts';

/** A reservation is one transaction of at most 100 writes, its marker among them; far fewer lines are sensible. */
export const MAX_LINES = 50;

/** One line a product, in the order of first mention; undefined when prices differ or there are too many lines. */
export function mergeLines(lines: readonly OrderLine[]): OrderLine[] | undefined {
  const merged = new Map<string, OrderLine>();
  for (const line of lines) {
    const known = merged.get(line.sku);
    if (known !== undefined && known.unit_price !== line.unit_price) return undefined;
    merged.set(line.sku, { ...line, quantity: line.quantity + (known?.quantity ?? 0) });
  }
  return merged.size > MAX_LINES ? undefined : [...merged.values()];
}

export function lineTotal(line: OrderLine): Cents {
  const price = parseMoney(line.unit_price);
  if (price === undefined) throw new RangeError(`not an amount: ${line.unit_price}`);
  return multiplyMoney(price, line.quantity);
}

/** Sum of all lines; undefined when it leaves the range of money. */
export function totalOf(lines: readonly OrderLine[]): Cents | undefined {
  try {
    return sumMoney(lines.map(lineTotal));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `laptop-pro x1, keyboard x2`, for summaries and log lines. */
export const describeLines = (lines: readonly OrderLine[]): string =>
  lines.map((line) => `${line.sku} x${line.quantity}`).join(', ');

/** Whether both ask for the same, line by line. */
export const sameLines = (a: readonly OrderLine[], b: readonly OrderLine[]): boolean =>
  a.length === b.length &&
  a.every(({ sku, quantity, unit_price }, index) => {
    const other = b[index]!;
    return sku === other.sku && quantity === other.quantity && unit_price === other.unit_price;
  });
