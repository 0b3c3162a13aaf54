import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DataDirectory } from '../../src/emulator/persistence/data-directory.ts';
import { threadCompactor } from '../../src/emulator/persistence/thread-compactor.ts';
import { lab, SCOPE } from '../emulator/control/lab.ts';
import { asAfterKill, temporaryDirectory } from '../emulator/persistence/directory.ts';

const entry = fileURLToPath(new URL('../../dist/compaction.js', import.meta.url));

describe('compaction in a thread', () => {
  it('leads to the state of the engine, which goes on meanwhile', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { engine } = lab();
    const compactor = threadCompactor(entry);
    const data = new DataDirectory(engine, directory, {
      compactor,
      compactAt: 5_000,
      onNotice: (text) => notices.push(text),
    });
    const call = (operation: string, input: object) => engine.call({ ...SCOPE, service: 'sqs', operation, input });
    await call('CreateQueue', { QueueName: 'q' });
    for (let index = 0; index < 100; index++) await call('SendMessage', { QueueUrl: 'q', MessageBody: `m${index}` });
    // The thread has only begun.
    expect(readdirSync(directory).filter((name) => name.endsWith('.journal'))).toHaveLength(2);
    await data.compacted();
    expect(notices).toEqual([]);
    const left = asAfterKill(directory);
    expect(readdirSync(left).filter((name) => name.endsWith('.snapshot'))).toHaveLength(2);
    const again = lab({ dataDirectory: left });
    expect(again.engine.state).toEqual(engine.state);
    again.emulator.close();
    data.close();
  });

  it('that fails is a notice, and the journals go on', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { engine } = lab();
    const compactor = threadCompactor(`${entry}.missing`);
    const data = new DataDirectory(engine, directory, {
      compactor,
      compactAt: 10,
      onNotice: (text) => notices.push(text),
    });
    const call = (operation: string, input: object) => engine.call({ ...SCOPE, service: 'sqs', operation, input });
    await call('CreateQueue', { QueueName: 'q' });
    await call('SendMessage', { QueueUrl: 'q', MessageBody: 'a' });
    await data.compacted();
    await call('SendMessage', { QueueUrl: 'q', MessageBody: 'b' });
    expect(notices[0]).toMatch(/no new snapshot could be written/);
    const again = lab({ dataDirectory: asAfterKill(directory) });
    expect(again.engine.state).toEqual(engine.state);
    again.emulator.close();
    data.close();
  });
});
