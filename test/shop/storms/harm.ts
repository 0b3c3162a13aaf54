import { expect } from 'vitest';
import { explore, type HarmFact } from '../../../src/shop/storms/explore.ts';
import type { Flaw } from '../../../src/shop/storms/flawed/flaws.ts';
import { essenceOf, harmOf } from '../../../src/shop/storms/shrink.ts';
import { storm } from '../../../src/shop/storms/storm.ts';
import { flawed, seedsFrom, stageFor } from './stages.ts';

/** The first storm that finds a flaw, made as small as it gets. */
export async function firstHarm(flaw: Flaw): Promise<HarmFact> {
  const handlers = flawed(flaw);
  const stage = await stageFor(handlers(0).setup);
  for await (const fact of explore(stage, { seeds: seedsFrom(1, 20), orders: 20 }, { handlers })) {
    if (fact.kind === 'harm') return fact;
  }
  throw new Error(`no storm found ${flaw}`);
}

/** Checks that a storm is as small as it is said to be: as the printed command replays it, it does the same harm, and without any of its faults none. */
export async function expectSmallest(flaw: Flaw, { smallest, harm, seed }: HarmFact): Promise<void> {
  const handlers = flawed(flaw);
  const stage = await stageFor(handlers(0).setup);
  const replayed = await storm(stage, smallest.settings, { handlers });
  expect(replayed.settings.seed).toBe(seed);
  expect(harmOf(replayed)).toEqual(harmOf(smallest));
  const essence = [...essenceOf(new Set(harm))];
  expect([...harmOf(replayed)].some((each) => essence.includes(each))).toBe(true);
  for (const { number } of smallest.faults) {
    const only = (smallest.settings.only ?? []).filter((other) => other !== number);
    const without = await storm(stage, { ...smallest.settings, only }, { handlers });
    expect([...harmOf(without)].filter((each) => essence.includes(each))).toEqual([]);
  }
}
