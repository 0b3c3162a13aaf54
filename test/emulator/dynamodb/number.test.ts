import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  negatedNumber,
  numberSize,
  numberSortKey,
} from '../../../src/emulator/dynamodb/number.ts';

// Developer Guide, Supported data types, Number: 38 digits, 1E-130 to 9.9999999999999999999999999999999999999E+125.
describe('canonical numbers', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['00042', '42'],
    ['+7', '7'],
    ['1.0', '1'],
    ['3.1400', '3.14'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.5E2', '150'],
    ['15e-3', '0.015'],
    ['-1E3', '-1000'],
    ['0042.1200', '42.12'],
    ['1E125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
  ])('%s is kept as %s', (given, kept) => expect(canonicalNumber(given)).toBe(kept));

  it.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['abc', 'The parameter cannot be converted to a numeric value: abc'],
    ['1.2.3', 'The parameter cannot be converted to a numeric value: 1.2.3'],
    [' 1', 'The parameter cannot be converted to a numeric value:  1'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['Infinity', 'The parameter cannot be converted to a numeric value: Infinity'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['-1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1E-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['1E999999999999', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
  ])('%s is refused', (given, message) => expect(() => canonicalNumber(given)).toThrow(message));
});

describe('arithmetic', () => {
  it.each([
    ['0.1', '0.2', '0.3'],
    ['9007199254740993', '1', '9007199254740994'],
    ['1E36', '0.1', '1000000000000000000000000000000000000.1'],
    ['-5', '5', '0'],
    ['1299.99', '299.98', '1599.97'],
    ['1E-130', '1E-130', `0.${'0'.repeat(129)}2`],
    ['99999999999999', '1', '100000000000000'],
  ])('%s + %s = %s', (a, b, sum) => expect(addNumbers(canonicalNumber(a), canonicalNumber(b))).toBe(sum));

  it.each([
    ['9.9E125', '9.9E125', 'Number overflow'],
    ['1E50', '1', 'more than 38 significant digits'],
  ])('%s + %s is refused', (a, b, message) =>
    expect(() => addNumbers(canonicalNumber(a), canonicalNumber(b))).toThrow(message),
  );

  const decimal = fc
    .tuple(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: -18, max: 0 }))
    .map(([digits, exponent]) => ({ digits, exponent, text: canonicalNumber(`${digits}E${exponent}`) }));

  it('adds and orders as integers of a common scale do', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const scaled = (n: typeof a) => n.digits * 10n ** BigInt(n.exponent + 18);
        const [left, right] = [scaled(a), scaled(b)];
        expect(addNumbers(a.text, b.text)).toBe(canonicalNumber(`${left + right}E-18`));
        expect(addNumbers(a.text, negatedNumber(b.text))).toBe(canonicalNumber(`${left - right}E-18`));
        expect(Math.sign(compareNumbers(a.text, b.text))).toBe(left < right ? -1 : left > right ? 1 : 0);
        const [one, two] = [numberSortKey(a.text), numberSortKey(b.text)];
        expect(one < two ? -1 : one > two ? 1 : 0).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  it('orders what doubles cannot tell apart, and the ends of the range', () => {
    const ordered = ['-9E125', '-100000000000000000001', '-100000000000000000000', '-1E-130', '0', '1E-130', '1E-129'];
    const rest = ['0.5', '100000000000000000000', '100000000000000000001', '9E125'];
    const numbers = [...ordered, ...rest].map(canonicalNumber);
    expect([...numbers].reverse().sort(compareNumbers)).toEqual(numbers);
  });
});

// Figures measured against the service by a public conformance suite; the guide's rule is an approximation.
it.each([
  ['0', 1],
  ['1', 2],
  ['12', 2],
  ['123', 3],
  ['1234', 3],
  ['12345678901234567890123456789012345678', 20],
  ['100', 2],
  ['1010', 3],
  ['0.0000001', 2],
  ['1E125', 2],
  ['1.5', 3],
  ['1.234', 4],
  ['3.14159', 5],
  ['123456', 4],
  ['100.5', 4],
  ['0.15', 2],
  ['-42', 3],
  ['-0', 1],
])('%s takes %i bytes', (text, size) => expect(numberSize(canonicalNumber(text))).toBe(size));
