import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SEEDS = Number(process.env.CLIFFRACER_CHAOS_SEEDS ?? 2_000);
const PROGRAM = join(import.meta.dirname, '../../../bin/cliffracer.js');

it(`${SEEDS} storms lose, double and oversell nothing`, async () => {
  const home = mkdtempSync(join(tmpdir(), 'cliffracer-chaos-'));
  try {
    const args = [PROGRAM, 'chaos', 'explore', '--seeds', String(SEEDS)];
    const env = { ...process.env, CLIFFRACER_HOME: home };
    // Rejects when the program ends with another exit code than 0; what it printed is in the error then.
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 26 });
    console.log(stdout);
    expect(stdout).toContain(`${SEEDS} storms from seed 1`);
    expect(stdout).toContain('Nothing was lost, doubled, oversold or shipped unpaid in any of them.');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
