import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataDirectory } from '../../../src/emulator/persistence/data-directory.ts';
import { DataLoss } from '../../../src/emulator/persistence/data-loss.ts';
import { type FileFunctions, systemFiles } from '../../../src/emulator/persistence/files.ts';
import { lab, SCOPE } from '../control/lab.ts';
import { temporaryDirectory } from './directory.ts';

/** A disk that keeps of each file what it held at its last fsync, and of names all that were given. */
function disk(mutant: Partial<FileFunctions> = {}) {
  const paths = new Map<number, string>();
  const kept = new Map<string, Buffer>();
  const files: FileFunctions = {
    ...systemFiles,
    openSync: ((path: string, flags: string, mode?: number) => {
      const file = fs.openSync(path, flags, mode);
      paths.set(file, path);
      return file;
    }) as FileFunctions['openSync'],
    fsyncSync(file) {
      const path = paths.get(file)!;
      if (fs.statSync(path).isFile()) kept.set(path, fs.readFileSync(path));
    },
    renameSync(from, to) {
      fs.renameSync(from, to);
      const bytes = kept.get(String(from));
      if (bytes !== undefined) kept.set(String(to), bytes);
      kept.delete(String(from));
    },
    ...mutant,
  };
  /** The directory as the power failure leaves it. */
  const cutPower = (directory: string): string => {
    const copy = temporaryDirectory();
    for (const name of fs.readdirSync(directory).filter((each) => each.startsWith('state-'))) {
      fs.writeFileSync(join(copy, basename(name)), kept.get(join(directory, name)) ?? '');
    }
    return copy;
  };
  return { files, cutPower };
}

/** Sends through some compactions, then the power fails; tells what a new engine says. */
async function afterPowerFailure(mutant: Partial<FileFunctions> = {}) {
  const { files, cutPower } = disk(mutant);
  const directory = temporaryDirectory();
  const { engine } = lab();
  const data = new DataDirectory(engine, directory, { files, compactAt: 3_000 });
  const call = (operation: string, input: object) => engine.call({ ...SCOPE, service: 'sqs', operation, input });
  await call('CreateQueue', { QueueName: 'q' });
  let compactions = 0;
  let before = '';
  for (let index = 0; compactions < 3; index++) {
    await call('SendMessage', { QueueUrl: 'q', MessageBody: `m${index}` });
    await data.compacted();
    const snapshots = fs.readdirSync(directory).filter((name) => name.endsWith('.snapshot'));
    if (snapshots.at(-1) !== before) compactions++;
    before = snapshots.at(-1)!;
  }
  const left = cutPower(directory);
  data.close();
  const sent = engine.state.services;
  const again = lab();
  try {
    new DataDirectory(again.engine, left, { acceptLoss: false });
    return { outcome: 'started', isWhole: JSON.stringify(again.engine.state) === JSON.stringify(sent) };
  } catch (error) {
    if (!(error instanceof DataLoss)) throw error;
    const accepted = lab();
    new DataDirectory(accepted.engine, left, { acceptLoss: true });
    const { queues } = (await accepted.control('GET /sqs/queues')).body;
    return { outcome: error.losses.map(({ cause }) => cause).join(), messages: queues[0]?.ready ?? 0 };
  }
}

describe('a power failure', () => {
  it('costs what was not on the disk yet, which is told, and never a snapshot', async () => {
    const { outcome, messages } = await afterPowerFailure();
    expect(outcome).not.toContain('snapshot');
    expect(outcome).not.toBe('started');
    expect(messages).toBeGreaterThan(10);
  });

  it('would cost everything if snapshots were not on the disk before they count', async () => {
    const { outcome, messages } = await afterPowerFailure({ fsyncSync() {} });
    expect(outcome).toContain('snapshot_damaged');
    expect(messages).toBe(0);
  });
});
