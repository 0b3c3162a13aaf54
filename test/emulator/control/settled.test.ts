import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { lab } from './lab.ts';

const SETTINGS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** A program that polls a queue and deletes what it accepts, until nothing comes any more. */
function poller(opened: ReturnType<typeof lab>, QueueUrl: string, accepts: (receives: number) => boolean) {
  const sqs = new SQSClient({
    ...SETTINGS,
    endpoint: 'http://127.0.0.1:4566',
    requestHandler: requestHandler(opened.emulator) as never,
  });
  const seen: number[] = [];
  const stopped = new AbortController();
  const { signal: abortSignal } = stopped;
  const ended = (async () => {
    while (!abortSignal.aborted) {
      const input = { QueueUrl, WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All' as const] };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input), { abortSignal });
      for (const { ReceiptHandle, Attributes } of Messages) {
        const receives = Number(Attributes!.ApproximateReceiveCount);
        seen.push(receives);
        if (accepts(receives)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  })().catch(() => {});
  return {
    seen,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

describe('settled', () => {
  it('answers when a program from outside has handled everything, and turns the clock meanwhile', async () => {
    const opened = lab();
    const program = poller(opened, await opened.queueWith('a'), (receives) => receives === 3);
    const { body } = await opened.control('POST /settled', { patience_ms: 2_000 });
    expect(body).toEqual({ settled: true, reason: null, open: [], at_work: [], now: '2026-01-01T12:01:00.000Z' });
    expect(program.seen).toEqual([1, 2, 3]);
    await program.stop();
  });

  it('tells what is open when nothing happens any more', async () => {
    const { queueWith, control } = lab();
    await queueWith('a');
    const { body } = await control('POST /settled', { patience_ms: 1 });
    expect(body).toMatchObject({
      ...{ settled: false, reason: 'stands_still' },
      open: [{ queue: 'q', account: '000000000000', ready: 1, in_flight: 0, receivers: 0, in_hand: [] }],
    });
    expect((await control('POST /settled', { except: 'q' })).body.settled).toBe(true);
  });

  it('leaves alone what a hold keeps', async () => {
    const { queueWith, control } = lab();
    await queueWith('a');
    await control('POST /sqs/queues/q/hold');
    expect((await control('POST /settled')).body.settled).toBe(true);
  });

  it.each([
    [{ except: [1] }, 'except must be a list of names of queues'],
    [{ patience_ms: -1 }, 'patience_ms must be a number of milliseconds from 0 to 600000'],
  ])('refuses %j', async (body, message) => {
    const { control } = lab();
    expect(await control('POST /settled', body)).toMatchObject({ status: 400, body: { error: { message } } });
  });

  it('needs a log of calls', async () => {
    const { control } = lab({ calls: false });
    expect((await control('POST /settled')).body.error.code).toBe('unsupported');
  });
});
