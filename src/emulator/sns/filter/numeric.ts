import type { Condition } from './policy.ts';
import type { PolicyReader, Token } from './reader.ts';

// Developer Guide, Filter policy constraints: from -10^9 to 10^9, five digits after the decimal point.
const LIMIT = 1e9;
const SCALE = 1e5;

/** -1, 0 or 1; numbers that differ only after the fifth decimal place are equal. */
export function compareNumbers(a: number, b: number): number {
  const left = Math.abs(a) <= LIMIT ? Math.round(a * SCALE) / SCALE : a;
  const right = Math.abs(b) <= LIMIT ? Math.round(b * SCALE) / SCALE : b;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function policyNumber(reader: PolicyReader, token: Token): number {
  const value = Number(reader.text(token));
  if (Math.abs(value) > LIMIT) reader.fail('Value must be between -1.0E9 and 1.0E9, inclusive');
  return value;
}

/** Reads `[">", 0, "<=", 5]` after its opening bracket. */
export function numericCondition(reader: PolicyReader): Condition {
  let token = reader.next();
  if (token !== 'string') reader.fail(`Invalid member in numeric match: ${reader.text(token)}`);
  const operator = reader.text(token);
  token = reader.next();
  if (!['=', '<', '<=', '>', '>='].includes(operator)) {
    reader.fail(`Unrecognized numeric range operator: ${operator}`);
  }
  if (token !== 'number') reader.fail(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const value = policyNumber(reader, token);
  const open = operator === '<' || operator === '>';
  token = reader.next();
  if (operator === '>' || operator === '>=') {
    const top = token === 'end-array' ? undefined : upperBound(reader, token);
    if (top !== undefined && compareNumbers(value, top.high) >= 0) reader.fail('Bottom must be less than top');
    return { op: 'numeric', low: value, lowOpen: open, high: top?.high, highOpen: top?.highOpen ?? false };
  }
  if (token !== 'end-array') reader.fail('Too many elements in numeric expression');
  return { op: 'numeric', low: operator === '=' ? value : undefined, lowOpen: false, high: value, highOpen: open };
}

function upperBound(reader: PolicyReader, token: Token): { high: number; highOpen: boolean } {
  if (token !== 'string') reader.fail(`Bad value in numeric range: ${reader.text(token)}`);
  const operator = reader.text(token);
  if (operator !== '<' && operator !== '<=') reader.fail(`Bad numeric range operator: ${operator}`);
  const number = reader.next();
  if (number !== 'number') reader.fail(`Value of ${operator} must be numeric`);
  const high = policyNumber(reader, number);
  if (reader.next() !== 'end-array') reader.fail('Too many terms in numeric range expression');
  return { high, highOpen: operator === '<' };
}
