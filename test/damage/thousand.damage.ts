import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineState } from '../../src/emulator/core/engine.ts';
import { KINDS, type Outcome, Patient } from './damages.ts';
import { writeWorld } from './world.ts';

const COUNT = Number(process.env.CLIFFRACER_DAMAGES ?? 1000);
const SEED = Number(process.env.CLIFFRACER_DAMAGE_SEED ?? 1);

const worlds: { directory: string; truth: EngineState }[] = [];

beforeAll(async () => {
  for (const [orders, pending] of [
    [60, true],
    [90, false],
  ] as const) {
    const directory = mkdtempSync(join(tmpdir(), 'cliffracer-world-'));
    worlds.push({ directory, truth: await writeWorld(directory, orders, pending) });
  }
});

afterAll(() => {
  for (const { directory } of worlds) rmSync(directory, { recursive: true, force: true });
});

function attempt(count: number, careless: boolean): Outcome[] {
  const patients = worlds.map(({ directory, truth }, index) => new Patient(directory, truth, SEED + index, careless));
  return Array.from({ length: count }, (_, index) => patients[index % patients.length]!.tryOne());
}

/** One line for each kind of damage, of each kind of file: how often tried, and what happened. */
function table(outcomes: readonly Outcome[]): string {
  const lines = ['| damage | file | tried | recovered | refused |', '|---|---|---:|---:|---|'];
  for (const kind of KINDS) {
    for (const file of ['snapshot', 'journal', 'both']) {
      const these = outcomes.filter((each) => each.kind === kind && each.file === file);
      if (these.length === 0) continue;
      const recovered = these.filter(({ outcome }) => outcome === 'recovered').length;
      const causes = [...new Set(these.map(({ outcome }) => outcome))]
        .filter((outcome) => outcome !== 'recovered')
        .map((cause) => `${these.filter(({ outcome }) => outcome === cause).length} ${cause}`)
        .join(', ');
      lines.push(`| ${kind} | ${file} | ${these.length} | ${recovered} | ${causes || '-'} |`);
    }
  }
  return lines.join('\n');
}

describe('a damaged data directory', () => {
  it(`is read as a whole, or refused with what is lost, ${COUNT} times from seed ${SEED}`, () => {
    const outcomes = attempt(COUNT, false);
    console.log(`seed ${SEED}, ${COUNT} damages\n${table(outcomes)}`);
    expect(outcomes.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    // Damage that costs nothing must not stop anybody.
    expect(outcomes.filter(({ outcome }) => outcome === 'recovered').length).toBeGreaterThan(COUNT / 4);
  });

  it('would be noticed if the engine started on it all the same', () => {
    const wrong = attempt(60, true).filter((each) => each.wrong !== undefined);
    expect(wrong.length).toBeGreaterThan(10);
  });
});
