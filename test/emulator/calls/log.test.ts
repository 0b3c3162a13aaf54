import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallEntry } from '../../../src/emulator/calls/entry.ts';
import { CallLog } from '../../../src/emulator/calls/log.ts';
import type { Effect } from '../../../src/emulator/core/effects.ts';

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const effect: fc.Arbitrary<Effect> = fc.record({
  kind: fc.constant('log' as const),
  group: fc.string(),
  stream: fc.string(),
  count: fc.nat(),
});

const entries = fc.array(
  fc
    .record({
      caller: fc.string(),
      operation: fc.string(),
      region: fc.string(),
      at: fc.double({ min: 0, max: 1e15 }),
      duration: fc.double({ min: 0, max: 1e6 }),
      code: optional(fc.string()),
      message: optional(fc.string()),
      fault: optional(fc.string()),
      faultId: fc.nat(),
      kept: optional(fc.anything()),
      effects: fc.array(effect, { maxLength: 3 }),
    })
    .map(({ caller, operation, region, effects, faultId, ...members }) => {
      const entry = new CallEntry(caller, 'logs', operation, '000000000000', region);
      for (const each of effects) entry.effect(each);
      return Object.assign(entry, members, { faultId: members.fault === undefined ? 0 : faultId });
    }),
  { maxLength: 40 },
);

test('what a log gives back is what it took, for the newest as many as it may keep', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 12 }), (added, count) => {
      const log = new CallLog({ count, bytes: 1024 * 1024 });
      for (const entry of added) log.add(entry);
      const kept = added.slice(-count);
      expect([log.first, log.next]).toEqual([added.length - kept.length + 1, added.length + 1]);
      expect([...log.from(1)]).toStrictEqual(kept);
      for (let seq = 0; seq <= added.length + 1; seq++) {
        expect(log.at(seq)).toStrictEqual(kept.find((entry) => entry.seq === seq));
      }
    }),
  );
});
