import { describe, expect, it } from 'vitest';
import { EngineClock } from '../../../src/emulator/core/clock.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { NOON, SCOPE } from '../control/lab.ts';
import { asAfterKill, temporaryDirectory } from './directory.ts';

describe('engine time', () => {
  it('never goes back with the clock of the machine', () => {
    let host = NOON;
    const clock = new EngineClock({ now: () => host, after: () => () => {} });
    expect(clock.now()).toBe(NOON);
    // A correction: it waits.
    host = NOON - 300;
    expect(clock.now()).toBe(NOON);
    expect(clock.turned).toBe(false);
    host = NOON + 1;
    expect(clock.now()).toBe(NOON + 1);
    // A clock that was set back: it runs on.
    host = NOON - 60_000;
    expect(clock.now()).toBe(NOON + 1);
    host += 500;
    expect(clock.now()).toBe(NOON + 501);
  });

  it('that goes back on the machine brings back nothing that was deleted', async () => {
    let host = NOON;
    const directory = temporaryDirectory();
    const options = { seed: 1, dataDirectory: directory, host: { now: () => host, after: () => () => {} } };
    const { engine } = createEmulator(options);
    const call = (operation: string, input: object) => engine.call({ ...SCOPE, service: 'sqs', operation, input });
    await call('CreateQueue', { QueueName: 'q', Attributes: { VisibilityTimeout: '5' } });
    for (let index = 0; index < 6; index++) await call('SendMessage', { QueueUrl: 'q', MessageBody: `m${index}` });
    const { Messages } = await call('ReceiveMessage', { QueueUrl: 'q', MaxNumberOfMessages: 10 });
    host += 10_000;
    // The timeouts pass, with nobody calling but one who reads.
    await call('GetQueueAttributes', { QueueUrl: 'q', AttributeNames: ['All'] });
    host -= 60_000;
    for (const { ReceiptHandle } of Messages) await call('DeleteMessage', { QueueUrl: 'q', ReceiptHandle });
    const again = createEmulator({ ...options, dataDirectory: asAfterKill(directory) });
    expect(again.engine.state).toEqual(engine.state);
    expect(again.engine.clock.now()).toBeGreaterThanOrEqual(NOON + 10_000);
    const { Attributes } = await again.engine.call({
      ...SCOPE,
      service: 'sqs',
      operation: 'GetQueueAttributes',
      input: { QueueUrl: 'q', AttributeNames: ['All'] },
    });
    expect(Attributes.ApproximateNumberOfMessages).toBe('0');
  });

  it('that only a timer has reached is kept', async () => {
    let host = NOON;
    const directory = temporaryDirectory();
    const options = { seed: 1, dataDirectory: directory, host: { now: () => host, after: () => () => {} } };
    const { engine } = createEmulator(options);
    const call = (operation: string, input: object) => engine.call({ ...SCOPE, service: 'sqs', operation, input });
    await call('CreateQueue', { QueueName: 'q', Attributes: { VisibilityTimeout: '5' } });
    await call('SendMessage', { QueueUrl: 'q', MessageBody: 'a' });
    await call('ReceiveMessage', { QueueUrl: 'q' });
    host += 10_000;
    engine.settle();
    const copy = asAfterKill(directory);
    host = NOON;
    const again = createEmulator({ ...options, dataDirectory: copy });
    expect(again.engine.clock.now()).toBe(NOON + 10_000);
    expect(again.engine.state).toEqual(engine.state);
  });
});
