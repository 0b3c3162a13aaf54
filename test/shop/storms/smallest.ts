import { expect } from 'vitest';
import { explore, type FailedFact } from '../../../src/shop/storms/explore.ts';
import type { Flaw } from '../../../src/shop/storms/flawed/flaws.ts';
import { essentialSignature, failureSignature } from '../../../src/shop/storms/shrink.ts';
import { runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { flawed, seedsFrom, testBedFor } from './test-beds.ts';

/** The first storm that finds a flaw, made as small as it gets. */
export async function firstFailure(flaw: Flaw): Promise<FailedFact> {
  const handlers = flawed(flaw);
  const testBed = await testBedFor(handlers(0).stack);
  for await (const fact of explore(testBed, { seeds: seedsFrom(1, 20), orders: 20 }, { handlers })) {
    if (fact.kind === 'failed') return fact;
  }
  throw new Error(`no storm found ${flaw}`);
}

/** Checks that a storm is as small as it is said to be: as the printed command replays it, it fails in the same way, and without any of its faults none. */
export async function expectSmallest(flaw: Flaw, { smallest, failures, seed }: FailedFact): Promise<void> {
  const handlers = flawed(flaw);
  const testBed = await testBedFor(handlers(0).stack);
  const replayed = await runStormAndAudit(testBed, smallest.settings, { handlers });
  expect(replayed.settings.seed).toBe(seed);
  expect(failureSignature(replayed)).toEqual(failureSignature(smallest));
  const signature = [...essentialSignature(new Set(failures))];
  expect([...failureSignature(replayed)].some((each) => signature.includes(each))).toBe(true);
  for (const { number } of smallest.faults) {
    const only = (smallest.settings.only ?? []).filter((other) => other !== number);
    const without = await runStormAndAudit(testBed, { ...smallest.settings, only }, { handlers });
    expect([...failureSignature(without)].filter((each) => signature.includes(each))).toEqual([]);
  }
}
