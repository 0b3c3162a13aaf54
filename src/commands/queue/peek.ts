import { Command } from 'commander';
import { namedQueue, queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { count, oneOf, queueName } from '../../cli/arguments.ts';
import { resolveRegion } from '../../engines/endpoint.ts';
import { peekQueue } from '../../engines/peek.ts';
import { probe } from '../../engines/probe.ts';
import { unreachable } from '../../engines/ready.ts';
import { CliffracerError } from '../../errors.ts';
import { QUEUE } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import { type PeekView, peekView } from '../../views/peek.ts';

const STATES = ['ready', 'in-flight', 'delayed'] as const;

export interface QueuePeekOptions {
  state?: (typeof STATES)[number];
  limit?: number;
  receive?: boolean;
}

const DEFAULT_LIMIT = 10;

export function queuePeekCommand(app: App): Command {
  return new Command('peek')
    .argument('[queue]', 'name of the queue, its beginning, or its service; left out, a list asks', queueName)
    .option('--state <state>', `which messages: ${STATES.join(', ')} (default ready)`, oneOf(STATES))
    .option('-L, --limit <n>', `at most so many (default ${DEFAULT_LIMIT})`, count)
    .option('--receive', 'on an engine without such a view: receive the messages and make them visible again')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer queue peek payment-queue --state in-flight\n\n' +
        'On the embedded engine nothing is received: receive counts and visibility stay as they are. With --receive each\n' +
        'message is received once: its receive count grows, so that it comes nearer to the dead-letter queue, and no\n' +
        'worker gets it until it is visible again.',
    )
    .action(async (given: string | undefined, options: QueuePeekOptions) => {
      const queue = await which(app, QUEUE, given);
      await app.print.result(await queuePeek(app, queue, options), peekView);
    });
}

/** The messages as they lie there; on engines without such a view only by receiving them, and only when told to. */
export async function queuePeek(app: App, queue: string, options: QueuePeekOptions): Promise<PeekView> {
  const endpoint = (await app.endpoint()).value;
  const found = await probe(endpoint, app.clock.now);
  if (found.answer !== 'engine') throw unreachable(endpoint, found);
  const state = options.state ?? 'ready';
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (found.kind === 'embedded') {
    const { queue: name } = await namedQueue(app, queue, await queueStates(app));
    const region = resolveRegion(app.globals.region, app.env).value;
    return peekQueue(endpoint, app.clock.now, { queue: name, state, region, limit });
  }
  if (!options.receive || state !== 'ready') throw noSuchView(found.kind, state);
  const { stackNames } = await import('../../shop/stack/names.ts');
  return byReceiving(app, queue, stackNames(app.globals.stack).queue(queue), limit);
}

function noSuchView(kind: string, state: string): CliffracerError {
  const why =
    state === 'ready'
      ? 'messages can only be seen by receiving them, which counts as a receive and hides them from workers meanwhile'
      : `messages that are ${state} cannot be seen at all`;
  return new CliffracerError('unsupported', `on ${kind} ${why}`, {
    hint:
      state === 'ready'
        ? 'accept that with --receive'
        : 'use the embedded engine: cliffracer up --engine embedded --port 0',
  });
}

/** Long enough to read a few batches; then every message is made visible again, whatever happened. */
const HELD_SECONDS = 30;

async function byReceiving(app: App, queue: string, name: string, limit: number): Promise<PeekView> {
  const { ports } = await app.connect();
  const messages = [];
  try {
    while (messages.length < limit) {
      const max = Math.min(10, limit - messages.length);
      const batch = await ports.queues.receive(queue, { max, waitSeconds: 0, visibilitySeconds: HELD_SECONDS });
      if (batch.length === 0) break;
      messages.push(...batch);
    }
  } finally {
    const entries = messages.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 }));
    await ports.queues.changeVisibility(queue, entries);
  }
  const { ready, inFlight, delayed } = await ports.queues.depth(queue);
  return {
    ...{ queue: name, state: 'ready', ready, in_flight: inFlight, delayed },
    messages: messages.map(({ messageId, body, attributes, receiveCount, sentAt }) => ({
      message_id: messageId,
      body,
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
      receive_count: receiveCount,
      sent_at: new Date(sentAt).toISOString(),
    })),
  };
}
