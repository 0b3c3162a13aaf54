import { Engine } from '../../../src/emulator/core/engine.ts';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import type { FaultSource } from '../../../src/emulator/core/faults.ts';
import type { HostTime } from '../../../src/emulator/core/host.ts';
import { type SqsState, sqs } from '../../../src/emulator/sqs/index.ts';

export const START = Date.UTC(2026, 0, 1);
export const ACCOUNT = '000000000000';

/** A host whose time passes only when told: `pass` fires what is due. */
export function fakeHost(): HostTime & { pass(ms: number): void } {
  let now = START;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    pass(ms) {
      now += ms;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

export type Received = {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  MD5OfMessageAttributes?: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, unknown>;
};

/** An engine with SQS on a frozen clock, and short ways to call it. */
export function queueWorld(options: { faults?: FaultSource } = {}) {
  const host = fakeHost();
  const engine = new Engine({ services: [sqs], host, seed: 1, frozenAt: START });
  engine.faults = options.faults;
  const call = (operation: string, input: object, scope: { account?: string; signal?: AbortSignal } = {}) =>
    engine.call({ service: 'sqs', operation, account: ACCOUNT, region: 'us-east-1', input, ...scope });
  const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await call('CreateQueue', { QueueName, Attributes })).QueueUrl;
  const attributes = async (QueueUrl: string, ...AttributeNames: string[]): Promise<Record<string, string>> => ({
    ...(await call('GetQueueAttributes', { QueueUrl, AttributeNames })).Attributes,
  });
  return {
    host,
    engine,
    call,
    create,
    createFifo: (name: string, more: Record<string, string> = {}) =>
      create(name, { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...more }),
    /** A queue and its dead-letter queue. */
    async createPair(maxReceiveCount: number, suffix = '', more: Record<string, string> = {}) {
      const fifo: Record<string, string> = suffix === '.fifo' ? { FifoQueue: 'true' } : {};
      const deadLetter = await create(`dead${suffix}`, fifo);
      const { QueueArn } = await attributes(deadLetter, 'QueueArn');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount });
      const source = await create(`source${suffix}`, { ...fifo, RedrivePolicy, ...more });
      return { source, deadLetter, deadLetterArn: QueueArn! };
    },
    send: (QueueUrl: string, MessageBody: string, more: object = {}) =>
      call('SendMessage', { QueueUrl, MessageBody, ...more }),
    async receive(QueueUrl: string, more: object = {}): Promise<Received[]> {
      const input = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], ...more };
      return (await call('ReceiveMessage', input)).Messages ?? [];
    },
    async bodies(QueueUrl: string, more: object = {}): Promise<string[]> {
      return (await this.receive(QueueUrl, more)).map(({ Body }) => Body);
    },
    remove: (QueueUrl: string, { ReceiptHandle }: Received) => call('DeleteMessage', { QueueUrl, ReceiptHandle }),
    attributes,
    async depths(QueueUrl: string): Promise<[ready: number, inFlight: number, delayed: number]> {
      const { Attributes: all } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      return [
        Number(all.ApproximateNumberOfMessages),
        Number(all.ApproximateNumberOfMessagesNotVisible),
        Number(all.ApproximateNumberOfMessagesDelayed),
      ];
    },
    /** Moves the clock; returns what the engine says happened. */
    advance: (seconds: number): string[] =>
      engine.advanceTo(engine.clock.now() + seconds * 1000).map(({ what }) => what),
    next: (): string[] => engine.advanceToNext().map(({ what }) => what),
    seconds: () => (engine.clock.now() - START) / 1000,
    state: () => engine.stateOf('sqs', { account: ACCOUNT, region: 'us-east-1' }) as SqsState,
  };
}

/** The error of a call that must fail, as `code: message`. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('the call succeeded');
}
