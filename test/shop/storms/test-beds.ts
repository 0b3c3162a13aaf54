import { afterAll } from 'vitest';
import { openTestBed, type Transport } from '../../../src/chaos/test-bed.ts';
import { FAULT_KINDS } from '../../../src/shop/storms/faults.ts';
import { type Flaw, flawedHandlers } from '../../../src/shop/storms/flawed/flaws.ts';
import type { Handlers } from '../../../src/shop/storms/handlers.ts';
import type { StormSettings } from '../../../src/shop/storms/storm.ts';
import type { StackVariant, TestBed } from '../../../src/shop/storms/test-bed.ts';
import { STANDARD_STACK } from '../../../src/shop/storms/test-bed.ts';

const open = new Map<string, Promise<TestBed>>();
afterAll(async () => {
  for (const testBed of await Promise.all(open.values())) testBed.close();
  open.clear();
});

/** One stage for each way to it and each setup: storms leave nothing behind for the next. */
export function testBedFor(variant: StackVariant = STANDARD_STACK, transport: Transport = 'direct'): Promise<TestBed> {
  const id = JSON.stringify([variant, transport]);
  const testBed = open.get(id) ?? openTestBed(transport)(variant);
  open.set(id, testBed);
  return testBed;
}

export const settings = (seed: number, change: Partial<StormSettings> = {}): StormSettings => ({
  seed,
  orders: 20,
  workers: 3,
  kinds: FAULT_KINDS,
  ...change,
});

export const flawed =
  (...flaws: Flaw[]) =>
  (seed: number): Handlers =>
    flawedHandlers(new Set(flaws), seed);

export const seedsFrom = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
