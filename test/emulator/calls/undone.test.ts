import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallEntry } from '../../../src/emulator/calls/entry.ts';
import { CallLog } from '../../../src/emulator/calls/log.ts';

type Step = { is: 'call' } | { is: 'save' | 'load' | 'delete'; name: string } | { is: 'reset' };

const name = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'call' as const }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('save' as const, 'load' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.record({ is: fc.constant('delete' as const), name }), fc.constant({ is: 'reset' as const })),
  },
);

/** What a state remembers: the calls that led to it, and the entry that took each of the others away. */
interface World {
  present: readonly number[];
  undoneBy: ReadonlyMap<number, number>;
}

test('a call is undone exactly when the state has no trace of it, by the load or reset that took it away', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 3, max: 50 }), (steps, count) => {
      const log = new CallLog({ count, bytes: 1_000_000 });
      const saved = new Map<string, World>();
      let world: World = { present: [], undoneBy: new Map() };
      const replace = (before: World) => {
        const seq = log.next - 1;
        const undoneBy = new Map(before.undoneBy);
        for (let lost = 1; lost < seq; lost++)
          if (!before.present.includes(lost) && !undoneBy.has(lost)) undoneBy.set(lost, seq);
        world = { present: [...before.present, seq], undoneBy };
      };
      const nothing: World = { present: [], undoneBy: new Map() };
      for (const each of steps) {
        if (each.is === 'call') {
          log.add(new CallEntry('app', 'sqs', 'SendMessage', '', ''));
          world = { ...world, present: [...world.present, log.next - 1] };
        } else if (each.is === 'save') {
          log.saved(each.name);
          saved.set(each.name, world);
        } else if (each.is === 'delete') {
          log.undone.deleted(each.name);
          saved.delete(each.name);
        } else {
          const reset = each.is === 'reset';
          log.replaced(0, reset ? 'reset' : 'snapshot_loaded', reset ? 'everything' : each.name);
          replace(reset ? nothing : (saved.get(each.name) ?? nothing));
        }
      }
      for (const { seq } of log.from(log.first)) {
        expect([seq, log.undone.by(seq)?.seq]).toEqual([seq, world.undoneBy.get(seq)]);
        expect(log.undone.by(seq) === undefined).toBe(world.present.includes(seq));
      }
    }),
    { numRuns: 500 },
  );
});
