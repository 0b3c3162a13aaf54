import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMoney, MAX_CENTS, multiplyMoney, parseMoney, sumMoney } from '../../src/domain/money.ts';

const cents = fc.integer({ min: 0, max: MAX_CENTS });

describe('money', () => {
  it.each([
    ['1299.99', 129_999],
    ['0', 0],
    ['5', 500],
    ['5.5', 550],
    ['0.07', 7],
    ['007.10', 710],
    ['999999999999.99', MAX_CENTS],
  ])('reads %s', (text, amount) => expect(parseMoney(text)).toBe(amount));

  it.each(['', '.5', '1.', '1.999', '-1', '+1', '1e3', '1,00', ' 1', '1 ', 'NaN', '0x10', '1000000000000', '١'])(
    'does not read %j',
    (text) => expect(parseMoney(text)).toBeUndefined(),
  );

  it('survives writing and reading', () => {
    fc.assert(fc.property(cents, (amount) => parseMoney(formatMoney(amount)) === amount));
  });

  it('never drifts: sums and products equal those of exact integers', () => {
    const line = fc.record({
      price: fc.integer({ min: 0, max: 10_000_000 }),
      quantity: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 50 }), (lines) => {
        const exact = lines.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n);
        const ours = sumMoney(lines.map(({ price, quantity }) => multiplyMoney(price, quantity)));
        return BigInt(ours) === exact && parseMoney(formatMoney(ours)) === ours;
      }),
    );
  });

  it.each([
    ['a fraction of a cent', () => formatMoney(0.5)],
    ['a negative amount', () => formatMoney(-1)],
    ['not a number', () => formatMoney(Number.NaN)],
    ['a sum out of range', () => sumMoney([MAX_CENTS, 1])],
    ['a product out of range', () => multiplyMoney(MAX_CENTS, 2)],
    ['half a piece', () => multiplyMoney(100, 0.5)],
    ['a negative number of pieces', () => multiplyMoney(100, -1)],
  ])('refuses %s', (_, act) => expect(act).toThrow(RangeError));
});
