import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { polledQueue } from '../src/aws/polled-queue.ts';
import { connectTo, EMBEDDED_ACCOUNT } from '../src/connection.ts';
import { consumersOf } from '../src/lab/consumers/consumer.ts';
import { runConsumers } from '../src/lab/consumers/run.ts';

const QUEUE = 'bench-queue';
const REGION = 'us-east-1';
const NO_OP = 'export const handler = async () => {};\n';

const clock = {
  now: () => Date.now(),
  sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, signal && { signal }).catch(() => {}),
};

/** A queue on an engine, emptied by a bare loop over the SDK and by an event source mapping of a handler that does nothing. */
export async function openMapping(endpoint: string, runtime: string) {
  const sqs = new SQSClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const folder = mkdtempSync(join(tmpdir(), 'cliffracer-bench-handler-'));
  writeFileSync(join(folder, 'index.mjs'), NO_OP);

  async function fill(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify({ order: sent + index, note: 'x'.repeat(200) }),
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  /** Milliseconds from the first receive to the last delete. */
  async function loop(count: number): Promise<number> {
    const started = performance.now();
    for (let handled = 0; handled < count; ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 },
          ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
        }),
      );
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      handled += Messages.length;
    }
    return performance.now() - started;
  }

  /** The same, by a mapping whose function runs already: one message comes before, which is not counted. */
  async function mapping(count: number): Promise<number> {
    const config = { orders: { handler: 'index.handler', queue: QUEUE } };
    const consumers = consumersOf(config, folder, (_path, why) => new Error(why));
    const target = { kind: 'local', engine: 'embedded', account: EMBEDDED_ACCOUNT, endpoint, region: REGION } as const;
    const { clients } = await connectTo(target, undefined, { clock, uuid: randomUUID });
    const stop = new AbortController();
    let handled = 0;
    let started: number | undefined;
    let took = 0;
    const facts = runConsumers(consumers, {
      ...{ env: process.env, clock, signal: stop.signal, watch: false, place: { endpoint, region: REGION } },
      ...{ kill: (pid, name) => void process.kill(pid, name), uuid: randomUUID, bytes: randomBytes, atExit: () => {} },
      nodeRuntime: [process.execPath, runtime],
      openQueue: (name, consumer) => polledQueue(clients, name, consumer),
    });
    for await (const fact of facts) {
      if (fact.kind === 'failed' || fact.kind === 'poll_failed') throw new Error(JSON.stringify(fact));
      if (fact.kind !== 'invoked') continue;
      handled += fact.messages.length - fact.failed.length;
      started ??= performance.now();
      if (handled < count || took > 0) continue;
      took = performance.now() - started;
      stop.abort();
    }
    return took;
  }

  const close = () => {
    sqs.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  return { fill, loop, mapping, close };
}
