import type { Dice } from './dice.ts';

/** Names that are something else in JavaScript's objects, and a few that other programs stumble over. */
export const AWKWARD_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '$where', 'then', 'toJSON'],
  ...['', ' ', '.', '..', '../../etc/passwd', '%00', '\u0000', 'é', '😀', '\ud800', '\u202e', '0', '-1', 'NaN', 'null'],
];

const TEXTS = [
  ...AWKWARD_NAMES,
  ...['<a>&b;</a>', ']]>', '<!DOCTYPE a [<!ENTITY b "c">]>', '{"a":', '[]', '{}', "' OR 1=1 --", '\r\nX-Injected: y'],
  ...[
    '1e999',
    '9'.repeat(400),
    '0x10',
    '1_000',
    '1,5',
    '+1',
    '1970-01-01T00:00:00Z',
    '99999-99-99',
    'true',
    'undefined',
  ],
  ...['arn:aws:sqs:us-east-1:000000000000:jobs', 'arn:aws:sns:::', 'arn:', 'http://[::1', 'http://127.0.0.1:1/1/2'],
  ...['a'.repeat(129), 'a'.repeat(257), 'a'.repeat(1025), 'ü'.repeat(3000), 'AAAA====', '(a+)+$', '%{(a+)+b}%'],
];

const NUMBERS = [
  ...[0, -0, 1, -1, 0.5, 10, 11, 100, 101, 1000, 86_400, 1_209_601, 43_201, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53],
  ...[2 ** 63, -(2 ** 63), 1e15, 8.64e15, 1e20, 1e308, 5e-324, 1_767_225_600, 1_767_225_600_000],
];

/** A value of no particular type, for a place where it most likely does not belong. */
export function weirdValue(dice: Dice): unknown {
  return dice.weighted<() => unknown>([
    [4, () => weirdText(dice)],
    [3, () => dice.pick(NUMBERS)],
    [1, () => dice.pick([null, true, false])],
    [1, () => dice.pick([[], {}, [[]], [{}], [null], { a: null }])],
    [1, () => Object.fromEntries([[dice.pick(AWKWARD_NAMES), weirdText(dice)]])],
    [1, () => nested(dice.pick([3, 20, 33, 45, 90, 200]), dice.pick(['list', 'M', 'L', 'member']))],
    [0.2, () => Array.from({ length: dice.pick([11, 101, 2000]) }, () => dice.pick(['a', '', {}, 1]))],
  ])();
}

export function weirdText(dice: Dice): string {
  return dice.chance(0.02) ? 'x'.repeat(dice.pick([65_537, 262_145, 410_000])) : dice.pick(TEXTS);
}

function nested(depth: number, kind: string): unknown {
  let value: unknown = kind === 'M' || kind === 'L' ? { S: 'deep' } : 'deep';
  for (let level = 0; level < depth; level++) {
    if (kind === 'list') value = [value];
    else if (kind === 'L') value = { L: [value] };
    else if (kind === 'M') value = { M: { a: value } };
    else value = { [kind]: value };
  }
  return value;
}

/** Changes one place of an input, or a few: another value, another name, nothing at all, or the same again. */
export function spoil(dice: Dice, input: Record<string, unknown>): void {
  for (let count = 1 + dice.int(2); count > 0; count--) {
    const [owner, name] = someplace(dice, input);
    if (owner === undefined || name === undefined) continue;
    const holder = owner as Record<string, unknown>;
    dice.weighted<() => unknown>([
      [6, () => define(holder, name, weirdValue(dice))],
      [1, () => delete holder[name]],
      [2, () => Array.isArray(owner) || define(holder, dice.pick(AWKWARD_NAMES), weirdValue(dice))],
      [1, () => Array.isArray(owner) && owner.push(...owner.slice(0, 20))],
    ])();
  }
}

function define(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true });
}

function someplace(dice: Dice, root: object): [object | undefined, string | undefined] {
  let owner = root;
  for (;;) {
    const names = Object.keys(owner);
    if (names.length === 0) return [owner, undefined];
    const name = dice.pick(names);
    const inside = (owner as Record<string, unknown>)[name];
    const canDescend = typeof inside === 'object' && inside !== null && !ArrayBuffer.isView(inside);
    if (!canDescend || dice.chance(0.35)) return [owner, name];
    owner = inside;
  }
}
