import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataDirectory } from '../../../src/emulator/persistence/data-directory.ts';
import { lab, NOON } from '../control/lab.ts';
import { asAfterKill, flip, temporaryDirectory } from './directory.ts';

type Lab = ReturnType<typeof lab>;

function open(dataDirectory: string): Lab & { notices: string[] } {
  const notices: string[] = [];
  return { ...lab({ dataDirectory, onNotice: (notice) => notices.push(notice) }), notices };
}

const peek = async ({ control }: Lab) =>
  (await control('GET /sqs/queues/q/messages')).body.messages?.map((message: { body: string }) => message.body);
const files = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.startsWith('state-'))
    .sort();
const journalOf = (directory: string) => join(directory, files(directory).find((name) => name.endsWith('.journal'))!);

describe('a data directory', () => {
  it('keeps the state over a restart', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    await first.queueWith('a', 'b');
    first.emulator.close();
    const second = open(directory);
    expect(await peek(second)).toEqual(['a', 'b']);
    expect(second.notices).toEqual([]);
    second.emulator.close();
  });

  it('keeps every acknowledged change when the process ends without warning', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    const QueueUrl = await first.queueWith('a', 'b', 'c');
    const { Messages } = await first.call('sqs', 'ReceiveMessage', { QueueUrl });
    await first.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle });
    const second = open(asAfterKill(directory));
    expect(await peek(second)).toEqual(['b', 'c']);
    expect(second.engine.state).toEqual(first.engine.state);
    // Handles given out before are still good.
    const received = await first.call('sqs', 'ReceiveMessage', { QueueUrl });
    const third = open(asAfterKill(directory));
    await third.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: received.Messages[0].ReceiptHandle });
    expect((await third.control('GET /sqs/queues')).body.queues).toMatchObject([
      { name: 'q', ready: 1, in_flight: 0, delayed: 0 },
    ]);
  });

  it('keeps what a long poll took, and nothing of one that waits', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    const QueueUrl = await first.queueWith();
    const waiting = first.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    const during = open(asAfterKill(directory));
    expect(during.engine.state).toEqual(first.engine.state);
    await first.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'late' });
    expect((await waiting).Messages).toHaveLength(1);
    const after = open(asAfterKill(directory));
    expect((await after.control('GET /sqs/queues')).body.queues).toMatchObject([
      { name: 'q', ready: 0, in_flight: 1, delayed: 0 },
    ]);
    expect(after.engine.state).toEqual(first.engine.state);
  });

  it('keeps the clock, what it has fired, and the rules of fault injection', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    const QueueUrl = await first.queueWith('a');
    await first.call('sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 30 });
    await first.control('POST /faults', { rule: 'sqs:SendMessage throttle 2' });
    await expect(first.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })).rejects.toThrow();
    await first.control('POST /clock/advance', { ms: 45_000 });
    const second = open(asAfterKill(directory));
    expect(second.engine.clock.now()).toBe(NOON + 45_000);
    expect(second.engine.clock.frozen).toBe(true);
    expect(await peek(second)).toEqual(['a']);
    expect((await second.control('GET /faults')).body).toEqual((await first.control('GET /faults')).body);
    expect(second.engine.state).toEqual(first.engine.state);
  });

  it('keeps a snapshot that was loaded, a reset, and the snapshots themselves', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    await first.queueWith('a');
    await first.control('POST /snapshots/s');
    await first.control('POST /reset');
    const copy = asAfterKill(directory);
    const second = open(copy);
    expect((await second.control('GET /sqs/queues')).body.queues).toEqual([]);
    await second.control('POST /snapshots/s/load');
    await second.queueWith('b');
    const third = open(asAfterKill(copy));
    expect(await peek(third)).toEqual(['a', 'b']);
    expect((await third.control('GET /snapshots')).body.snapshots).toHaveLength(1);
  });

  it('never goes back in time', async () => {
    const directory = temporaryDirectory();
    const ahead = lab({ dataDirectory: directory });
    await ahead.control('POST /clock/resume');
    await ahead.control('POST /clock/advance', { ms: 1000 });
    await ahead.queueWith('a');
    ahead.emulator.close();
    // The host's clock has been set back meanwhile.
    const host = { now: () => NOON - 3_600_000, after: () => () => {} };
    const behind = lab({ dataDirectory: directory, host });
    expect(behind.engine.clock.now()).toBe(NOON + 1000);
    expect(behind.engine.clock.frozen).toBe(false);
    behind.emulator.close();
  });
});

describe('compaction', () => {
  it('replaces a long journal by a snapshot, without a gap, and keeps the generation before', async () => {
    const directory = temporaryDirectory();
    const { engine, queueWith } = lab();
    const data = new DataDirectory(engine, directory, { compactAt: 2000 });
    await queueWith();
    for (let index = 0; index < 300; index++) {
      await engine.call({
        account: '000000000000',
        region: 'us-east-1',
        service: 'sqs',
        operation: 'SendMessage',
        input: { QueueUrl: 'q', MessageBody: `m${index}` },
      });
      await data.compacted();
      expect(files(directory).length).toBeLessThanOrEqual(4);
    }
    expect(files(directory)[0]).not.toBe('state-00000001.journal');
    const again = open(asAfterKill(directory));
    expect(again.engine.state.services).toEqual(engine.state.services);
    expect(again.notices).toEqual([]);
    data.close();
    const closed = open(asAfterKill(directory));
    expect(closed.engine.state.services).toEqual(engine.state.services);
  });

  it('that was begun and not finished is no harm', async () => {
    const directory = temporaryDirectory();
    const { engine, queueWith, call } = lab();
    const compactor = () => ({ done: new Promise<number>(() => {}), cancel() {} });
    const data = new DataDirectory(engine, directory, { compactAt: 10, compactor });
    await queueWith('a');
    const left = asAfterKill(directory);
    const [snapshot] = files(left);
    copyFileSync(join(left, 'state-00000001.snapshot'), join(left, 'state-00000002.snapshot.draft'));
    expect(snapshot).toBe('state-00000001.journal');
    const second = open(left);
    expect(await peek(second)).toEqual(['a']);
    expect(second.notices).toEqual([]);
    await second.queueWith('b');
    const third = open(asAfterKill(left));
    expect(await peek(third)).toEqual(['a', 'b']);
    expect(readdirSync(left).filter((name) => name.endsWith('.draft'))).toEqual([]);
    await call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'c' });
    data.close();
  });

  it('goes on without a snapshot when there is no room for one', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { engine, queueWith } = lab();
    const compactor = () => ({ done: Promise.reject(new Error('ENOSPC: no space left')), cancel() {} });
    const data = new DataDirectory(engine, directory, {
      compactAt: 10,
      compactor,
      onNotice: (text) => notices.push(text),
    });
    await queueWith('a', 'b');
    await data.compacted();
    expect(notices[0]).toMatch(/no new snapshot could be written to .*: ENOSPC/);
    expect(await peek(open(asAfterKill(directory)))).toEqual(['a', 'b']);
    data.close();
  });

  it('writes from memory when the files no longer hold what the engine has', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { engine, queueWith, call } = lab();
    const data = new DataDirectory(engine, directory, { compactAt: 4000, onNotice: (text) => notices.push(text) });
    await queueWith('a'.repeat(3000));
    flip(journalOf(directory), 1500);
    await call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'b'.repeat(1500) });
    await call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'c' });
    await data.compacted();
    expect(notices[0]).toMatch(/is damaged at bytes/);
    const again = open(asAfterKill(directory));
    expect(again.engine.state.services).toEqual(engine.state.services);
    data.close();
  });
});

describe('names of the prototype', () => {
  it('survive', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    await first.call('sqs', 'CreateQueue', { QueueName: '__proto__' });
    await first.call('sns', 'CreateTopic', { Name: 'constructor' });
    const second = open(asAfterKill(directory));
    expect((await second.control('GET /sqs/queues')).body.queues[0].name).toBe('__proto__');
    expect(second.engine.state.services).toEqual(first.engine.state.services);
  });
});
