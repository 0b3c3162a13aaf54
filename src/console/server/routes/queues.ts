import { CliffracerError } from '../../../errors.ts';
import type { AttributeText, QueueState } from '../../../lab/queues/port.ts';
import { step } from '../../../lab/step/step.ts';
import { whyQueue } from '../../../lab/why/queue.ts';
import { type ConsoleDeps, onLaboratory, type Routes, reads, writes } from '../deps.ts';

const MOST = 200;
const STEP_TIMEOUT_MS = 30_000;

/** `queues`, and what can be done to one. */
export function queueRoutes(deps: ConsoleDeps): Routes {
  const { laboratory, controls, messaging, log, about, uuid } = deps;
  const { holds } = laboratory;
  const queues = (): Promise<QueueState[]> => (about.laboratory === true ? holds.queues() : messaging.queues());
  const depth = async (queue: string) => {
    const found = (await queues()).find((each) => each.queue === queue);
    if (found === undefined) throw new CliffracerError('not_found', `there is no queue ${JSON.stringify(queue)}`);
    return found;
  };
  return {
    queues: reads(async () => ({ queues: await queues() })),
    topics: reads(async () => ({ topics: about.laboratory === true ? await controls.topics() : await others(deps) })),
    'queues/send': writes((input) => {
      const queue = input.text('queue');
      const group = input.maybeText('group');
      return messaging.send(queue, {
        body: input.text('body'),
        attributes: Object.fromEntries(
          input
            .objects<AttributeText & { name: string }>('attributes')
            .map(({ name, type, value }) => [name, { type, value }]),
        ),
        ...(group !== undefined && { group }),
        ...(queue.endsWith('.fifo') && { deduplication: uuid() }),
      });
    }),
    'queues/purge': writes(async (input) => {
      const queue = input.text('queue');
      // The name is typed by whoever wants this.
      if (input.text('typed') !== queue) throw new CliffracerError('refused', 'the name that was typed is another one');
      const { ready, in_flight, delayed } = await depth(queue);
      await deps.queues.purge(queue);
      return { queue, purged: ready + in_flight + delayed };
    }),
    ...onLaboratory({
      'queues/messages': reads((input) =>
        controls.messages(input.text('queue'), {
          state: input.choice('state', ['ready', 'in-flight', 'delayed']),
          offset: input.maybeCount('offset', 100_000_000) ?? 0,
          limit: Math.min(MOST, input.maybeCount('limit', MOST) ?? 50),
        }),
      ),
      'queues/why': reads(async (input) => {
        const queue = await log.queue(input.text('queue'));
        if (queue === undefined) throw new CliffracerError('not_found', 'there is no such queue');
        return whyQueue(log, queue);
      }),
      'queues/hold': writes((input) => holds.hold(input.text('queue'), input.maybeText('where') || undefined)),
      'queues/end_hold': writes((input) => holds.end(input.text('queue'))),
      'queues/release': writes((input) => {
        const message = input.maybeText('message');
        const body = input.maybeText('body');
        const what = message === undefined ? { max: input.maybeCount('max', 100_000) ?? 1 } : { message };
        return holds.release(input.text('queue'), { ...what, ...(body !== undefined && { body }) });
      }),
      'queues/step': writes((input, signal) => {
        const [queue, message, body] = [input.maybeText('queue'), input.maybeText('message'), input.maybeText('body')];
        const given = { ...(queue && { queue }), ...(message && { message }), ...(body !== undefined && { body }) };
        return step({ ...given, twice: input.flag('twice'), timeoutMs: STEP_TIMEOUT_MS, signal }, laboratory);
      }),
    }),
  };
}

async function others({ messaging }: ConsoleDeps) {
  const topics = await messaging.topics();
  return topics.map(({ topic, arn, subscriptions }) => ({
    ...{ name: topic, arn },
    subscriptions: subscriptions.map(({ protocol, endpoint }) => ({
      ...{ protocol, endpoint, queue: protocol === 'sqs' ? endpoint : null, pending: false, filter_policy: null },
    })),
  }));
}
