import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/chaos/test-bed.ts';
import { SeededRandom } from '../../../src/shop/storms/seeded-random.ts';
import { runStormAndAudit, type StormOptions, type StormSettings } from '../../../src/shop/storms/storm.ts';
import type { TraceFact } from '../../../src/shop/storms/trace.ts';
import { settings, testBedFor } from './test-beds.ts';

async function transcript(path: Transport, wanted: StormSettings, options: StormOptions = {}) {
  const facts: TraceFact[] = [];
  const report = await runStormAndAudit(await testBedFor(undefined, path), wanted, {
    ...options,
    trace: (fact) => facts.push(fact),
  });
  return { facts, report };
}

describe('the same seed', () => {
  it.each([3, 8])('%i is the same storm, call by call', async (seed) => {
    const [once, again] = [await transcript('direct', settings(seed)), await transcript('direct', settings(seed))];
    expect(once.facts.length).toBeGreaterThan(500);
    expect(again).toEqual(once);
  });

  it('is the same storm over the SDK as straight on the operations, so one may stand for the other', async () => {
    const small = settings(5, { orders: 6 });
    expect(await transcript('sdk', small)).toEqual(await transcript('direct', small));
  });

  it('is another one with another seed', async () => {
    const [one, other] = [await transcript('direct', settings(1)), await transcript('direct', settings(2))];
    expect(other.facts).not.toEqual(one.facts);
  });

  it('without faults disturbs nothing', async () => {
    const { report } = await transcript('direct', settings(4, { kinds: [] }));
    expect(report).toMatchObject({ faults: [], redriven: 0, discarded: 0, republished: 0, audit: { ok: true } });
  });
});

describe('only some faults', () => {
  it('strike where they struck in the whole storm, under their numbers', async () => {
    const whole = await transcript('direct', settings(6));
    const only = [2, 5, 11];
    const { report } = await transcript('direct', settings(6, { only }));
    const named = whole.report.faults.filter(({ number }) => only.includes(number));
    expect(report.faults.map(({ number }) => number)).toEqual(expect.arrayContaining([2]));
    for (const fault of report.faults) {
      expect(named).toContainEqual(expect.objectContaining({ number: fault.number, kind: fault.kind, key: fault.key }));
    }
  });

  it('that are none leave a calm', async () => {
    const { report } = await transcript('direct', settings(6, { only: [100_000] }));
    expect(report.faults).toEqual([]);
  });
});

describe('dice', () => {
  it('say the same of the same thing, and spread evenly', () => {
    const dice = new SeededRandom(7);
    expect(dice.draw('order', 3)).toBe(new SeededRandom(7).draw('order', 3));
    expect(dice.draw('order', 3)).not.toBe(new SeededRandom(8).draw('order', 3));
    const drawn = Array.from({ length: 10_000 }, (_, index) => dice.draw('call', index));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = drawn.filter((number) => Math.floor(number * 10) === tenth).length / drawn.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.12);
    }
  });

  it('take both halves of a large seed', () => {
    expect(new SeededRandom(2 ** 40).draw('x')).not.toBe(new SeededRandom(2 ** 41).draw('x'));
    expect(new SeededRandom(1).draw('x')).not.toBe(new SeededRandom(1 + 2 ** 32).draw('x'));
  });
});
