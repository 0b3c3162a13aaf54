import { describe, expect, it } from 'vitest';
import type { EmulatorOptions } from '../../../src/emulator/index.ts';
import { lab } from '../control/lab.ts';
import { asAfterKill, temporaryDirectory } from '../persistence/directory.ts';

const COUNT = 300;
const BODIES = Array.from({ length: COUNT }, (_, index) => `${index}`);

/** Sends 300 messages to a queue, and receives and deletes until nothing comes any more. */
async function delivered(options: EmulatorOptions, suffix = ''): Promise<string[]> {
  const { call } = lab(options);
  const Attributes = suffix === '' ? {} : { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: `q${suffix}`, Attributes });
  const ids = suffix === '' ? {} : { MessageGroupId: 'g' };
  for (const MessageBody of BODIES) await call('sqs', 'SendMessage', { QueueUrl, MessageBody, ...ids });
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(Body);
      await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  }
}

// SQS Developer Guide, Standard queues: best-effort ordering, at-least-once delivery.
describe('delivery as on AWS', () => {
  it('is out of order and rarely twice, and loses nothing', async () => {
    const bodies = await delivered({ delivery: 'aws', seed: 7 });
    expect(new Set(bodies)).toEqual(new Set(BODIES));
    expect(bodies.length).toBeGreaterThan(COUNT);
    expect(bodies.length).toBeLessThan(COUNT * 1.1);
    expect(bodies).not.toEqual([...bodies].sort((a, b) => Number(a) - Number(b)));
  });

  it('is the same for the same seed, and another for another', async () => {
    const first = await delivered({ delivery: 'aws', seed: 7 });
    expect(await delivered({ delivery: 'aws', seed: 7 })).toEqual(first);
    expect(await delivered({ delivery: 'aws', seed: 8 })).not.toEqual(first);
  });

  it('leaves FIFO queues in order and exactly once, and is not the default', async () => {
    expect(await delivered({ delivery: 'aws', seed: 7 }, '.fifo')).toEqual(BODIES);
    expect(await delivered({ seed: 7 })).toEqual(BODIES);
  });
});

describe('settings', () => {
  it('are those of the start, stay over snapshots and resets, and a repeated journal has gone by its own', async () => {
    const dataDirectory = temporaryDirectory();
    const first = lab({ dataDirectory, delivery: 'aws', seed: 7 });
    const { QueueUrl } = await first.call('sqs', 'CreateQueue', { QueueName: 'q' });
    for (const MessageBody of BODIES) await first.call('sqs', 'SendMessage', { QueueUrl, MessageBody });
    for (let index = 0; index < 20; index++) {
      await first.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    }
    const second = lab({ dataDirectory: asAfterKill(dataDirectory), delivery: 'aws' });
    expect(second.engine.state).toEqual(first.engine.state);
    const third = lab({ dataDirectory: asAfterKill(dataDirectory) });
    expect(third.engine.state).toEqual({ ...first.engine.state, settings: { lenient: false, delivery: 'in-order' } });
    await first.control('POST /snapshots/s');
    first.engine.configure({ lenient: true, delivery: 'in-order' });
    await first.control('POST /snapshots/s/load');
    expect(first.engine.settings).toEqual({ lenient: true, delivery: 'in-order' });
    await first.control('POST /reset');
    expect(first.engine.settings).toEqual({ lenient: true, delivery: 'in-order' });
  });
});
