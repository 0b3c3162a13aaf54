/** Money is integer cents inside and a decimal string ("1299.99") at the edges; there is no floating point in between. */
export type Cents = number;

/** 999,999,999,999.99: far below 2^53, so that every sum and product that is accepted is exact. */
export const MAX_CENTS: Cents = 99_999_999_999_999;

const AMOUNT = /^(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Cents of a decimal string with at most two decimals; undefined for anything else. */
export function parseMoney(text: string): Cents | undefined {
  const match = AMOUNT.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

export function formatMoney(cents: Cents): string {
  checked(cents);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

export function multiplyMoney(cents: Cents, quantity: number): Cents {
  if (!Number.isSafeInteger(quantity) || quantity < 0) throw new RangeError(`not a quantity: ${quantity}`);
  return checked(checked(cents) * quantity);
}

export function sumMoney(amounts: Iterable<Cents>): Cents {
  let sum = 0;
  for (const amount of amounts) sum = checked(sum + checked(amount));
  return sum;
}

function checked(cents: Cents): Cents {
  if (!Number.isSafeInteger(cents) || cents < 0 || cents > MAX_CENTS) throw new RangeError(`not an amount: ${cents}`);
  return cents;
}
