import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueReader } from '../../../src/emulator/persistence/value-reader.ts';
import { ValueWriter } from '../../../src/emulator/persistence/value-writer.ts';

function written(value: unknown): Buffer[] {
  const chunks: Buffer[] = [];
  new ValueWriter(3).write(value, (chunk) => chunks.push(Buffer.from(chunk.subarray(3))));
  return chunks;
}

function again(value: unknown): any {
  const chunks = written(value).values();
  return new ValueReader(() => chunks.next().value).read();
}

describe('values in files', () => {
  it('come back as they were', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(undefined, null, -0, '\ud800', ''),
      fc.date(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.uint8Array(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
        fc.array(fc.string()).map((members) => new Set(members)),
      ),
    }));
    fc.assert(
      fc.property(value, (made) => {
        expect(again(made)).toStrictEqual(made);
      }),
    );
  });

  it('are one thing where they were one thing, in a circle too', () => {
    const shared = { n: 1 };
    const circle: { self?: unknown; list: unknown[] } = { list: [shared, shared] };
    circle.self = circle;
    const made = again(circle);
    expect(made.self).toBe(made);
    expect(made.list[0]).toBe(made.list[1]);
  });

  it('of any length are cut into chunks of bounded length', () => {
    const value = { text: 'é'.repeat(900_000), bytes: Buffer.alloc(2_500_000, 7), list: Array(300_000).fill('abc') };
    const chunks = written(value);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(1024 * 1024);
    const made = again(value);
    // Compared by themselves: the test's own comparison looks at each byte.
    expect([made.text === value.text, made.bytes.equals(value.bytes), made.list.join() === value.list.join()]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('take names of the prototype for names', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    const made = again(value);
    expect(Object.hasOwn(made, '__proto__')).toBe(true);
    expect(made.polluted).toBeUndefined();
  });

  it('that cannot be kept are refused', () => {
    expect(() => written({ run: () => {} })).toThrow('a function cannot be kept');
  });

  it('that end early or go on are told from whole ones', () => {
    const [chunk] = written({ a: [1, 'two'] });
    const read = (bytes: Buffer) => new ValueReader(() => [bytes].splice(0)[0] && undefined).read();
    expect(() => read(chunk!)).toThrow('the value ends early');
    for (let size = 0; size < chunk!.length; size++) {
      const chunks = [chunk!.subarray(0, size)];
      expect(() => new ValueReader(() => chunks.shift()).read()).toThrow();
    }
    const chunks = [Buffer.concat([chunk!, Buffer.from([0])])];
    expect(() => new ValueReader(() => chunks.shift()).read()).toThrow('more follows');
  });
});
