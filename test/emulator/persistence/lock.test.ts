import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pid, platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from '../../../src/emulator/persistence/lock.ts';
import { lab } from '../control/lab.ts';
import { temporaryDirectory } from './directory.ts';

const process = (own: number, ...running: number[]) => ({ own, isRunning: (pid: number) => running.includes(pid) });

describe('the lock on a data directory', () => {
  it('is for one engine at a time', () => {
    const directory = temporaryDirectory();
    const unlock = lockDirectory(directory, process(900_001));
    expect(() => lockDirectory(directory, process(900_002, 900_001))).toThrow(DirectoryInUse);
    expect(() => lockDirectory(directory, process(900_002, 900_001))).toThrow(/is in use by process 900001/);
    unlock();
    lockDirectory(directory, process(900_002, 900_001))();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('is void when its process has ended', () => {
    const directory = temporaryDirectory();
    lockDirectory(directory, process(900_001));
    const unlock = lockDirectory(directory, process(900_002));
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toMatch(/^900002 /);
    unlock();
  });

  it('is void when another program has got the process id since', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock'), '900001 12345\n');
    lockDirectory(directory, process(900_002, 900_001))();
  });

  it.runIf(platform === 'linux')('names when its process began, as the system tells it', () => {
    const directory = temporaryDirectory();
    const unlock = lockDirectory(directory, process(pid));
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toMatch(new RegExp(`^${pid} \\d+\n$`));
    expect(() => lockDirectory(directory, process(900_002, pid))).toThrow(DirectoryInUse);
    unlock();
  });

  it.each(['', '0 unknown'])('is void when it says %j', (claim) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock'), claim);
    lockDirectory(directory, process(900_002))();
  });

  it.each(['nonsense', '-5 unknown', '0'])('is never taken from somebody else, who wrote %j', (claim) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock'), claim);
    expect(() => lockDirectory(directory, process(900_002))).toThrow(/lock is no lock of an engine: move it away/);
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe(claim);
  });

  it('that somebody else has taken over is not removed', () => {
    const directory = temporaryDirectory();
    const unlock = lockDirectory(directory, process(900_001));
    lockDirectory(directory, process(900_002));
    unlock();
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toMatch(/^900002 /);
  });

  it('keeps a second emulator out, until the first is closed', () => {
    const directory = temporaryDirectory();
    const first = lab({ dataDirectory: directory });
    expect(() => lab({ dataDirectory: directory })).toThrow(DirectoryInUse);
    first.emulator.close();
    lab({ dataDirectory: directory }).emulator.close();
  });
});
