import { validationError } from './errors.ts';

/**
 * DynamoDB's Number: up to 38 significant digits, magnitudes from 1E-130 to 9.99E+125 (Developer Guide, Naming rules
 * and data types). Numbers are kept as canonical text: no exponent, no superfluous zeros, no negative zero, so that
 * equal numbers are equal strings.
 */
const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;
const ZERO = 48;
const MINUS = 45;
const PRECISION = 38;
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;
/** Decimals of so many characters survive the way through a double, which is much faster to compare and to add. */
const EXACT_LENGTH = 15;

/** `digits` has no zeros at either end; the first digit stands for 10 to the power of `exponent`. Zero has no digits. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

export function canonicalNumber(text: string): string {
  return PLAIN_INTEGER.test(text) ? text : format(inRange(parse(text)));
}

function parse(text: string): Decimal {
  if (text === '') throw validationError('The parameter cannot be converted to a numeric value');
  const match = NUMBER.exec(text);
  const whole = match?.[2] ?? '';
  const digits = whole + (match?.[3] ?? '');
  if (match === null || digits === '') {
    throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  return trim(match[1] === '-', digits, whole.length - 1 + Number(match[4] ?? 0));
}

function trim(negative: boolean, digits: string, exponent: number): Decimal {
  let start = 0;
  while (digits.charCodeAt(start) === ZERO) start++;
  let end = digits.length;
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end--;
  if (start === end) return { negative: false, digits: '', exponent: 0 };
  return { negative, digits: digits.slice(start, end), exponent: exponent - start };
}

function inRange(number: Decimal): Decimal {
  if (number.exponent > LARGEST_EXPONENT) {
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (number.exponent < SMALLEST_EXPONENT) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (number.digits.length > PRECISION) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return number;
}

function format({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return sign + digits + '0'.repeat(exponent - digits.length + 1);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Negative, zero or positive, for two canonical numbers. */
export function compareNumbers(a: string, b: string): number {
  if (a.length <= EXACT_LENGTH && b.length <= EXACT_LENGTH) return Number(a) - Number(b);
  const left = numberSortKey(a);
  const right = numberSortKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function addNumbers(a: string, b: string): string {
  if (a.length < EXACT_LENGTH && b.length < EXACT_LENGTH && !a.includes('.') && !b.includes('.')) {
    return String(Number(a) + Number(b));
  }
  const left = parse(a);
  const right = parse(b);
  const scale = Math.min(left.exponent - left.digits.length, right.exponent - right.digits.length) + 1;
  const sum = scaled(left, scale) + scaled(right, scale);
  const digits = String(sum < 0n ? -sum : sum);
  return format(inRange(trim(sum < 0n, digits, digits.length - 1 + scale)));
}

export function negatedNumber(number: string): string {
  return number === '0' ? number : number.startsWith('-') ? number.slice(1) : `-${number}`;
}

/** The number as an integer count of 10 to the power of `scale`. */
function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  if (digits === '') return 0n;
  const magnitude = BigInt(digits + '0'.repeat(exponent - digits.length + 1 - scale));
  return negative ? -magnitude : magnitude;
}

/** Text that sorts, as a string, where the number sorts among numbers. */
export function numberSortKey(number: string): string {
  const { negative, digits, exponent } = parse(number);
  if (digits === '') return '1';
  if (!negative) return `2${String.fromCharCode(exponent - SMALLEST_EXPONENT)}${digits}`;
  let complement = '';
  for (let at = 0; at < digits.length; at++) complement += String.fromCharCode(105 - digits.charCodeAt(at));
  // The closing '~' puts the shorter of two numbers with a common beginning last, as the smaller magnitude it is.
  return `0${String.fromCharCode(LARGEST_EXPONENT - exponent)}${complement}~`;
}

/**
 * Bytes of a number: one, and one for each two significant digits, those before and after the decimal point counted
 * apart, and one for a minus sign. The Developer Guide (Item sizes and formats) calls its simpler rule approximate;
 * this is what the service is seen to count.
 */
export function numberSize(number: string): number {
  if (number === '0') return 1;
  const start = number.charCodeAt(0) === MINUS ? 1 : 0;
  const point = number.indexOf('.');
  let end = point === -1 ? number.length : point;
  if (point === -1) while (number.charCodeAt(end - 1) === ZERO) end--;
  const whole = number.charCodeAt(start) === ZERO ? 0 : end - start;
  let fraction = point === -1 ? number.length : point + 1;
  if (whole === 0) while (number.charCodeAt(fraction) === ZERO) fraction++;
  return 1 + Math.ceil(whole / 2) + Math.ceil((number.length - fraction) / 2) + start;
}
