import { afterAll } from 'vitest';
import { openStage, type Path } from '../../../src/commands/chaos/stage.ts';
import { FAULT_KINDS } from '../../../src/shop/storms/faults.ts';
import { type Flaw, flawedHandlers } from '../../../src/shop/storms/flawed/flaws.ts';
import type { Handlers } from '../../../src/shop/storms/handlers.ts';
import type { Stage, StageSetup } from '../../../src/shop/storms/stage.ts';
import { RIGHT_SETUP } from '../../../src/shop/storms/stage.ts';
import type { StormSettings } from '../../../src/shop/storms/storm.ts';

const open = new Map<string, Promise<Stage>>();
afterAll(async () => {
  for (const stage of await Promise.all(open.values())) stage.close();
  open.clear();
});

/** One stage for each way to it and each setup: storms leave nothing behind for the next. */
export function stageFor(setup: StageSetup = RIGHT_SETUP, path: Path = 'direct'): Promise<Stage> {
  const id = JSON.stringify([setup, path]);
  const stage = open.get(id) ?? openStage(path)(setup);
  open.set(id, stage);
  return stage;
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
