import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineState } from '../../src/emulator/core/engine.ts';
import { DataLoss } from '../../src/emulator/persistence/data-loss.ts';
import { systemFiles } from '../../src/emulator/persistence/files.ts';
import { nextRandom } from '../../src/hash.ts';
import { digest, engineOn } from './world.ts';

// Nobody cuts the power here, and a busy machine takes its time over each call of fsync.
const files = { ...systemFiles, fsyncSync() {} };

export const KINDS = ['byte', 'bit', 'truncation', 'removal', 'swap'] as const;
export type Kind = (typeof KINDS)[number];

export interface Outcome {
  kind: Kind;
  /** "snapshot", "journal" or "both". */
  file: string;
  /** "recovered", or the causes of the refusal. */
  outcome: string;
  /** Why this must not have happened. */
  wrong: string | undefined;
}

/** A directory that is used again for each damage. */
export class Patient {
  readonly #original: string;
  readonly #truth: EngineState;
  readonly #random: { random: number };
  /** Stands for an engine that starts on whatever it finds, for the test of this check. */
  readonly #careless: boolean;

  constructor(original: string, truth: EngineState, seed: number, careless = false) {
    this.#original = original;
    this.#truth = truth;
    this.#random = { random: seed };
    this.#careless = careless;
  }

  #below(count: number): number {
    return Math.floor(nextRandom(this.#random) * count);
  }

  /** Damages a copy in one way, and starts an engine on it. */
  tryOne(): Outcome {
    const copy = mkdtempSync(join(tmpdir(), 'cliffracer-damage-'));
    try {
      cpSync(this.#original, copy, { recursive: true });
      rmSync(join(copy, 'lock'), { force: true });
      const kind = KINDS[this.#below(KINDS.length)]!;
      const file = this.#damage(copy, kind);
      return { kind, file, ...this.#judge(copy) };
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  #damage(directory: string, kind: Kind): string {
    const names = stateFiles(directory);
    const name = names[this.#below(names.length)]!;
    const path = join(directory, name);
    if (kind === 'swap') {
      const others = names.filter((each) => each !== name);
      const other = others[this.#below(others.length)]!;
      renameSync(path, `${path}.swap`);
      renameSync(join(directory, other), path);
      renameSync(`${path}.swap`, join(directory, other));
      return kindOf(name) === kindOf(other) ? kindOf(name) : 'both';
    }
    if (kind === 'removal') rmSync(path);
    else if (kind === 'truncation') truncateSync(path, this.#below(statSync(path).size));
    else {
      const bytes = readFileSync(path);
      // Half of them at the start, where the least bytes mean the most.
      const at = this.#below(2) === 0 ? this.#below(Math.min(700, bytes.length)) : this.#below(bytes.length);
      bytes[at]! ^= kind === 'bit' ? 1 << this.#below(8) : 1 + this.#below(255);
      writeFileSync(path, bytes);
    }
    return kindOf(name);
  }

  #judge(directory: string): Pick<Outcome, 'outcome' | 'wrong'> {
    const before = contents(directory);
    try {
      const { engine, data } = engineOn(directory, { files, acceptLoss: this.#careless });
      const isWhole = isDeepStrictEqual(engine.state, this.#truth);
      data.close();
      if (!isWhole) return { outcome: 'recovered', wrong: 'the engine started on another state, and said nothing' };
      return { outcome: 'recovered', wrong: startsAgain(directory, this.#truth) };
    } catch (error) {
      if (!(error instanceof DataLoss)) return { outcome: 'crash', wrong: `${(error as Error).stack}` };
      const outcome = [...new Set(error.losses.map(({ cause }) => cause))].sort().join(' + ');
      const named = error.losses.every(({ file, what }) => file.startsWith(directory) && what.length > 10);
      if (!named) return { outcome, wrong: 'the refusal does not name what is lost' };
      if (!isDeepStrictEqual(contents(directory), before)) return { outcome, wrong: 'the refusal changed a file' };
      return { outcome, wrong: goesOn(directory) };
    }
  }
}

/** A refusal that is accepted must not come back, nor what was recovered get lost. */
function goesOn(directory: string): string | undefined {
  const { engine, data } = engineOn(directory, { files, acceptLoss: true });
  const state = structuredClone(engine.state);
  data.close();
  return startsAgain(directory, state);
}

function startsAgain(directory: string, state: EngineState): string | undefined {
  try {
    const { engine, data } = engineOn(directory, { files });
    const same = isDeepStrictEqual(engine.state, state);
    data.close();
    return same ? undefined : 'the next start has another state';
  } catch (error) {
    return `the next start fails: ${(error as Error).message}`;
  }
}

const stateFiles = (directory: string) =>
  readdirSync(directory)
    .filter((name) => /^state-\d{8}\.\w+$/.test(name))
    .sort();
const kindOf = (name: string) => name.split('.')[1]!;

function contents(directory: string): Record<string, string> {
  return Object.fromEntries(stateFiles(directory).map((name) => [name, digest(readFileSync(join(directory, name)))]));
}
