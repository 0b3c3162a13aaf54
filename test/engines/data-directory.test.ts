import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/engines/embedded/stop.ts';
import { Machine } from './machine.ts';

let machine: Machine;
let directory: string;
beforeEach(async () => {
  machine = await new Machine().open();
  directory = join(machine.home, 'data');
});
afterEach(() => machine.close());

const up = (flags = '') => machine.run(`up --engine embedded --no-provision ${flags}`);
const upJson = (flags = '') => up(`--json ${flags}`);

/** Ends the engine as a crash does, and waits until the system has cleared it away. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid, (each, signal) => void process.kill(each, signal))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function damage(kind: 'snapshot' | 'journal'): string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith(`.${kind}`));
  return names.map((name) => {
    const path = join(directory, name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(path, bytes);
    return path;
  });
}

describe('up with a data directory', () => {
  test('that has lost something is refused, names the file and the commands that go on, and goes on with them', async () => {
    await up(`--data-dir ${directory}`);
    await machine.run('provision');
    await machine.run('down');
    const [file] = damage('snapshot').slice(-1);
    const { code, json } = await upJson(`--data-dir ${directory}`);
    expect(code).toBe(3);
    expect(json().error).toMatchObject({ code: 'data_snapshot_damaged', message: expect.stringContaining(file!) });
    expect(json().error.hint).toContain(`--data-dir ${directory} --accept-loss`);
    expect(json().error.hint).toContain(`cp -a ${directory} ${directory}-copy`);
    const accepted = (await upJson(`--data-dir ${directory} --accept-loss`)).json();
    expect(accepted.notices).toContainEqual(expect.stringContaining('(accepted)'));
    expect(accepted.notices).toContainEqual(expect.stringContaining('.damaged-1'));
    await machine.run('down');
    expect((await upJson(`--data-dir ${directory}`)).json()).toMatchObject({ action: 'started', notices: [] });
  });

  test('is remembered: a plain up after a kill goes on with it, and says so', async () => {
    const first = (await upJson(`--data-dir ${directory}`)).json();
    await machine.run('provision');
    await kill(first.pid);
    const text = await up();
    expect(text.stderr).toContain(`its state in ${directory} is used again`);
    expect(text.stdout).toMatch(new RegExp(`^data +${directory}$`, 'm'));
    expect((await machine.run('provision --json')).code).toBe(0);
    const down = await machine.run('down');
    expect(down.stdout).toContain(`its state is kept: cliffracer up --data-dir ${directory}`);
    // Stopped as it should be, it is not gone on with unless that is asked for.
    expect((await upJson()).json().data_directory).toBeFalsy();
  });

  test('that has gone since is refused', async () => {
    const first = (await upJson(`--data-dir ${directory}`)).json();
    await kill(first.pid);
    rmSync(directory, { recursive: true });
    const { code, json } = await upJson();
    expect(code).toBe(3);
    expect(json().error).toMatchObject({ code: 'data_missing', message: expect.stringContaining(directory) });
    expect(existsSync(directory)).toBe(false);
  });

  test('of another engine is refused', async () => {
    await up(`--data-dir ${directory}`);
    const port = await machine.ownPort();
    const { code, json } = await upJson(`--port ${port} --data-dir ${directory}`);
    expect(code).toBe(3);
    expect(json().error.code).toBe('data_in_use');
  });

  test('without a name is refused', async () => {
    const { code, stderr } = await machine.run('up --data-dir=');
    expect(code).toBe(2);
    expect(stderr).toContain('It must be a path, and is empty.');
  });

  test('that is a file is refused', async () => {
    const { code, json } = await upJson(`--data-dir ${machine.file('plain', 'text')}`);
    expect(code).toBe(3);
    expect(json().error.code).toBe('data_unwritable');
  });
});
