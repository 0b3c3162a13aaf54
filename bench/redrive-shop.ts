import { provisionStack } from '../src/commands/provision.ts';
import { connectTo } from '../src/connection.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { requestHandler } from '../src/emulator/request-handler.ts';
import { parseExpression } from '../src/expression/parser.ts';
import { NO_KNOWLEDGE } from '../src/lab/dead-letters/knowledge.ts';
import { redrive } from '../src/lab/dead-letters/redrive.ts';
import type { RedriveWay } from '../src/lab/dead-letters/redrive-facts.ts';

export interface RedriveShop {
  /** Puts so many dead letters, of the size of an event, behind payment's queue, and empties that queue. */
  fill(messages: number): Promise<void>;
  /** Milliseconds of moving them all back, by the engine's own task or message by message. */
  redrive(way: RedriveWay): Promise<number>;
  close(): void;
}

const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
const EVERYTHING = parseExpression('body != ""');

/** A shop on an engine inside this process, or on the one that answers at `endpoint`. */
export async function openRedriveShop(endpoint?: string): Promise<RedriveShop> {
  const target = { kind: 'local', endpoint: endpoint ?? 'http://127.0.0.1:4566', region: 'us-east-1' } as const;
  const emulator = endpoint === undefined ? createEmulator() : undefined;
  const handler = emulator && { requestHandler: requestHandler(emulator) };
  const connection = await connectTo(target, undefined, { clock, ...handler });
  const { clients, ports } = connection;
  for await (const _fact of provisionStack(connection));
  const from = { queue: 'payment-queue-dlq', queues: ports.queues, knowledge: NO_KNOWLEDGE };
  let filled = 0;
  return {
    async fill(messages) {
      await ports.queues.purge('payment-queue');
      const letters = Array.from({ length: messages }, (_, n) => ({
        body: JSON.stringify({ event_type: 'inventory_reserved', order_id: `ord_${n}`, padding: 'x'.repeat(600) }),
        attributes: { event_type: 'inventory_reserved', order_id: `ord_${n}` },
      }));
      await ports.queues.send('payment-queue-dlq', letters);
      filled = messages;
    },
    async redrive(way) {
      const start = performance.now();
      const where = way === 'move_task' ? {} : { where: EVERYTHING };
      const report = await redrive({ to: 'payment-queue', ...where }, { from, clock });
      if (report.moved !== filled || report.way !== way) throw new Error(`not as asked: ${JSON.stringify(report)}`);
      return performance.now() - start;
    },
    close() {
      clients.close();
      emulator?.engine.stop();
    },
  };
}
