import { describe, expect, it } from 'vitest';
import { CliffracerError } from '../../../src/errors.ts';
import { parseExpression } from '../../../src/expression/parser.ts';
import { type DeadLetterQueue, inspectDeadLetters, type Peek } from '../../../src/lab/dead-letters/inspect.ts';
import { redrive } from '../../../src/lab/dead-letters/redrive.ts';
import type { RedriveOptions } from '../../../src/lab/dead-letters/redrive-facts.ts';
import { summaryOf } from '../../../src/lab/dead-letters/summary.ts';
import type { LogEntry, Ports, QueuePort } from '../../../src/ports.ts';
import { shopKnowledge } from '../../../src/shop/dead-letters/knowledge.ts';
import { crashing } from '../../shop/runtime/crashing.ts';
import { World } from '../../shop/runtime/memory-ports.ts';

const DEAD = 'payment-queue-dlq';
const QUEUE = 'payment-queue';
const failure = { index: 0, code: 'InternalError', message: 'no', senderFault: false };

/** A world with so many dead letters, of which every third is about an order of its own. */
function worldWith(count: number): World {
  const world = new World();
  for (let n = 0; n < count; n++) {
    const body = JSON.stringify({
      event_type: n % 2 === 0 ? 'even' : 'odd',
      n,
      order_id: n % 3 === 0 ? 'ord_3' : `ord_x${n}`,
    });
    world.enqueue(DEAD, body, { event_type: n % 2 === 0 ? 'even' : 'odd', trace: `t${n}` });
  }
  return world;
}

/** Payment's dead letters, as the shop knows them. */
const payment = ({ queues, logs }: Ports, peek?: Peek): DeadLetterQueue => ({
  ...{ queue: DEAD, queues, knowledge: shopKnowledge('payment', logs) },
  ...(peek && { peek }),
});
const run = (world: World, options: Partial<RedriveOptions> = {}, ports: Ports = world) =>
  redrive({ to: QUEUE, ...options }, { from: payment(ports), clock: world.clock });
const bodies = (world: World, queue: string) =>
  world
    .messages(queue)
    .map(({ body }) => body)
    .sort();
const visible = (world: World, queue: string) => world.queues.depth(queue).then(({ ready }) => ready);
const withQueues = (world: World, queues: Partial<QueuePort>): Ports => ({
  ...portsOf(world),
  queues: { ...world.queues, ...queues },
});
const portsOf = ({ queues, topic, tables, bucket, metrics, logs }: World): Ports => ({
  queues,
  topic,
  tables,
  bucket,
  metrics,
  logs,
});

describe('redrive', () => {
  it('moves everything back with body and attributes, and nothing twice', async () => {
    const world = worldWith(57);
    const before = bodies(world, DEAD);
    const report = await run(world);
    expect(report).toMatchObject({
      way: 'receive_send_delete',
      ended: 'done',
      moved: 57,
      skipped: 0,
      failed: 0,
      duplicates: 0,
      remaining: 0,
    });
    expect(bodies(world, QUEUE)).toEqual(before);
    const moved = world.messages(QUEUE);
    expect(moved.every(({ body, attributes }) => attributes.trace === `t${JSON.parse(body).n}`)).toBe(true);
  });

  it('of nothing is done at once', async () => {
    const world = new World();
    expect(await run(world, { where: parseExpression('a = 1') })).toMatchObject({
      moved: 0,
      ended: 'done',
      unknown_fields: [],
    });
    expect(world.clock.slept).toEqual([]);
  });

  it.each([
    [{ where: parseExpression('event_type = even') }, 15, 15],
    [{ labels: { order_id: 'ord_3' } }, 10, 20],
    [{ labels: { order_id: 'ord_3' }, where: parseExpression('event_type = odd') }, 5, 25],
    [{ where: parseExpression('n >= 10 and n < 12') }, 2, 28],
  ] satisfies [Partial<RedriveOptions>, number, number][])(
    'moves what the filter says, and hides the others from nobody: %j',
    async (options, moved, skipped) => {
      const world = worldWith(30);
      expect(await run(world, options)).toMatchObject({ moved, skipped, remaining: skipped, unknown_fields: [] });
      expect(world.messages(QUEUE)).toHaveLength(moved);
      expect(await visible(world, DEAD)).toBe(skipped);
    },
  );

  it('--max moves no more, with a filter and without', async () => {
    const world = worldWith(40);
    expect(await run(world, { max: 7 })).toMatchObject({ moved: 7, ended: 'max', remaining: 33 });
    expect(await run(world, { max: 3, where: parseExpression('event_type = odd') })).toMatchObject({
      moved: 3,
      ended: 'max',
    });
    expect(await visible(world, DEAD)).toBe(30);
    expect(await run(world, { max: 500 })).toMatchObject({ moved: 30, ended: 'done', remaining: 0 });
  });

  it('--rate spreads messages over time, by the clock', async () => {
    const world = worldWith(20);
    const report = await run(world, { perSecond: 4, max: 20 });
    expect(report.moved).toBe(20);
    // The first batch of 4 goes at once, then one a second.
    expect(world.clock.slept).toEqual([1_000, 1_000, 1_000, 1_000]);
  });

  it('a slow redrive outlives the visibility of what it skipped', async () => {
    const world = worldWith(60);
    const report = await run(world, { perSecond: 1, where: parseExpression('event_type = odd') });
    expect(report).toMatchObject({ moved: 30, skipped: 30, remaining: 30 });
    expect(await visible(world, DEAD)).toBe(30);
  });

  it('--dry-run changes nothing but receive counts', async () => {
    const world = worldWith(25);
    const before = bodies(world, DEAD);
    const report = await run(world, {
      dryRun: true,
      where: parseExpression('event_type = even and typo = 1 or n = 2'),
    });
    expect(report).toMatchObject({ dry_run: true, moved: 1, skipped: 24, remaining: 25, unknown_fields: ['typo'] });
    expect(report.sample).toMatchObject([{ labels: { event_type: 'even', order_id: 'ord_x2' } }]);
    expect(bodies(world, DEAD)).toEqual(before);
    expect(await visible(world, DEAD)).toBe(25);
    expect(world.messages(QUEUE)).toEqual([]);
  });

  it('what cannot be sent stays, and is told', async () => {
    const world = worldWith(12);
    const send: QueuePort['send'] = async (queue, messages) => {
      await world.queues.send(queue, messages.slice(1));
      return [failure];
    };
    const report = await run(world, {}, withQueues(world, { send }));
    expect(report).toMatchObject({ moved: 10, failed: 2, remaining: 2 });
    expect(report.failures).toMatchObject([{ code: 'InternalError', message: 'no' }, { code: 'InternalError' }]);
    expect(await visible(world, DEAD)).toBe(2);
    expect(world.messages(QUEUE)).toHaveLength(10);
  });

  it('what cannot be deleted is in both queues, and told', async () => {
    const world = worldWith(10);
    const report = await run(world, {}, withQueues(world, { delete: async () => [failure] }));
    expect(report).toMatchObject({ moved: 10, duplicates: 1 });
  });

  it('what cannot be deleted is visible again at the end, and is sent once', async () => {
    const world = worldWith(10);
    const remove: QueuePort['delete'] = async (queue, [, ...handles]) => {
      await world.queues.delete(queue, handles);
      return [failure];
    };
    await run(world, {}, withQueues(world, { delete: remove }));
    expect(await visible(world, DEAD)).toBe(1);
    expect(world.messages(QUEUE)).toHaveLength(10);
  });

  it('sends to a FIFO queue one batch at a time, each message under an id of its own', async () => {
    const world = worldWith(25);
    const ids = world.messages(DEAD).map(({ id }) => id);
    const sent: unknown[] = [];
    let sending = 0;
    const send: QueuePort['send'] = async (_queue, messages) => {
      expect(++sending).toBe(1);
      await world.queues.depth(DEAD);
      sending--;
      for (const { deduplication } of messages) sent.push(deduplication);
      return [];
    };
    const report = await run(world, { to: 'payment.fifo' }, withQueues(world, { send }));
    expect(report).toMatchObject({ moved: 25, remaining: 0 });
    expect(sent).toEqual(ids);
  });

  it('tells at most twenty failures, and all of them in number', async () => {
    const world = worldWith(30);
    const send: QueuePort['send'] = async (_queue, messages) => messages.map((_, index) => ({ ...failure, index }));
    const report = await run(world, {}, withQueues(world, { send }));
    expect(report).toMatchObject({ moved: 0, failed: 30, duplicates: 0, remaining: 30 });
    expect(report.failures).toHaveLength(20);
  });

  it('a message that comes back at once does not go round for ever', async () => {
    const world = worldWith(10);
    const send: QueuePort['send'] = async (_queue, messages) => world.queues.send(DEAD, messages);
    expect(await run(world, {}, withQueues(world, { send }))).toMatchObject({ moved: 10, remaining: 10 });
  });

  it('ends after the batch in hand when interrupted', async () => {
    const world = worldWith(50);
    const abort = new AbortController();
    const report = await run(world, { perSecond: 10, signal: abort.signal, onProgress: () => abort.abort() });
    expect(report).toMatchObject({ moved: 10, ended: 'interrupted', remaining: 40 });
    expect(await visible(world, DEAD)).toBe(40);
  });

  it('an engine that goes away is told with what had been moved', async () => {
    const world = worldWith(30);
    let sends = 0;
    const send: QueuePort['send'] = async (queue, messages) => {
      if (++sends === 2)
        throw new CliffracerError('engine_unreachable', 'gone', { retryable: true, hint: 'cliffracer up' });
      return world.queues.send(queue, messages);
    };
    const failing = run(world, { perSecond: 10 }, withQueues(world, { send }));
    await expect(failing).rejects.toMatchObject({
      ...{ code: 'engine_unreachable', retryable: true, hint: 'cliffracer up' },
      message: 'gone; 10 had been moved, the others are where they were',
    });
  });

  it('a crash at any call loses nothing; at worst a message comes twice', async () => {
    const calls = await callsOf();
    expect(calls).toBeGreaterThan(6);
    for (let call = 1; call <= calls; call++) {
      for (const when of ['before', 'after'] as const) {
        const world = worldWith(23);
        const before = bodies(world, DEAD);
        await run(world, { where: parseExpression('n < 20') }, crashing(world, { call, when }).ports).catch(() => {});
        world.clock.time += 600_000;
        await run(world);
        expect(world.messages(DEAD)).toEqual([]);
        expect([...new Set(bodies(world, QUEUE))]).toEqual(before);
        expect(Math.max(...times(bodies(world, QUEUE)))).toBeLessThanOrEqual(2);
      }
    }
  });
});

/** How often each text occurs. */
const times = (texts: readonly string[]) => texts.map((text) => texts.filter((other) => other === text).length);

async function callsOf(): Promise<number> {
  const world = worldWith(23);
  const { ports, calls } = crashing(world, undefined);
  await run(world, { where: parseExpression('n < 20') }, ports);
  return calls();
}

describe("the engine's own task", () => {
  /** An engine that moves ten messages at each look. */
  function moving(world: World, end: 'completed' | 'failed' = 'completed') {
    const asked: unknown[] = [];
    let moved = 0;
    let cancelled = false;
    const queues: Partial<QueuePort> = {
      startMove: async (...args) => {
        asked.push(args);
        return 'handle';
      },
      moveProgress: async () => {
        if (cancelled) return { status: 'cancelled', moved };
        moved += 10;
        return moved < 30 ? { status: 'running', moved } : { status: end, moved, reason: 'gone wrong' };
      },
      cancelMove: async () => {
        cancelled = true;
      },
    };
    return { asked, ports: withQueues(world, queues) };
  }

  it('is waited for, with its rate', async () => {
    const world = new World();
    const { asked, ports } = moving(world);
    const progress: number[] = [];
    const report = await run(world, { perSecond: 100, onProgress: (moved) => progress.push(moved) }, ports);
    expect(report).toMatchObject({ way: 'move_task', ended: 'done', moved: 30 });
    expect(report.after_a_crash).toContain('the engine goes on');
    expect(asked).toEqual([[DEAD, QUEUE, { perSecond: 100 }]]);
    expect(progress).toEqual([10, 20, 30]);
    expect(world.clock.slept).toEqual([50, 100]);
  });

  it('is stopped by a person', async () => {
    const world = new World();
    const abort = new AbortController();
    abort.abort();
    expect(await run(world, { signal: abort.signal }, moving(world).ports)).toMatchObject({
      ended: 'interrupted',
      moved: 10,
    });
  });

  it('that fails is told with its reason', async () => {
    const world = new World();
    await expect(run(world, {}, moving(world, 'failed').ports)).rejects.toMatchObject({
      code: 'aws_error',
      message: `moving the messages of ${DEAD} failed after 30: gone wrong`,
    });
  });

  it.each([
    { max: 5 },
    { labels: { order_id: 'o' } },
    { source: 'payment-queue' },
    { where: parseExpression('a = 1') },
    { dryRun: true },
    { perSecond: 501 },
  ])('is not asked for with %j', async (options) => {
    const world = worldWith(3);
    const { asked, ports } = moving(world);
    await run(world, options, ports);
    expect(asked).toEqual([]);
  });
});

describe('looking', () => {
  const line = (fields: object): LogEntry & { stream: string; id: string } => ({
    ...{ at: Date.UTC(2026, 0, 1), stream: 'payment-service', id: JSON.stringify(fields) },
    message: JSON.stringify({ level: 'error', attempt: 3, ...fields }),
  });

  async function* listed<T>(items: readonly T[]) {
    yield* items;
  }

  const withLines = (world: World, lines: object[]): Ports => ({
    ...portsOf(world),
    logs: { ...world.logs, filter: () => listed([...lines.map(line), { ...line({}), message: 'plain text' }]) },
  });

  it('leaves messages where they are, and visible', async () => {
    const world = worldWith(25);
    expect(await inspectDeadLetters(payment(world), { limit: 12, stacks: false })).toHaveLength(12);
    expect(await visible(world, DEAD)).toBe(25);
  });

  it('gives back what it holds also when the engine fails', async () => {
    const world = worldWith(25);
    let receives = 0;
    const receive: QueuePort['receive'] = async (...args) => {
      if (++receives === 2) throw new CliffracerError('engine_unreachable', 'gone');
      return world.queues.receive(...args);
    };
    const looking = inspectDeadLetters(payment(withQueues(world, { receive })), { limit: 25, stacks: false });
    await expect(looking).rejects.toMatchObject({ code: 'engine_unreachable' });
    expect(await visible(world, DEAD)).toBe(25);
  });

  it('receives nothing where it may peek', async () => {
    const world = worldWith(3);
    const seen = { messageId: 'p', body: '{', attributes: {}, receiveCount: 1, sentAt: 0 };
    const letters = await inspectDeadLetters(
      payment(world, async () => [seen]),
      { limit: 3, stacks: false },
    );
    expect(letters).toMatchObject([{ message_id: 'p', labels: { event_type: undefined }, attempts: 1 }]);
    expect(world.messages(DEAD).every(({ receives }) => receives === 0)).toBe(true);
  });

  const stated = {
    cliffracer_reason: 'not_json',
    cliffracer_detail: 'bad',
    cliffracer_attempt: '1',
    cliffracer_message_id: 'old',
  };
  const logged = (code: string) => ({ error: { code, message: `${code} happened`, stack: 'at place' } });
  it.each([
    [
      'what it says itself',
      stated,
      [],
      { reason: 'not_json', attempts: 1, error: { code: 'not_json', message: 'bad' } },
    ],
    [
      'what it says itself, without an attempt that is no number',
      { ...stated, cliffracer_attempt: '3 or 4' },
      [],
      { reason: 'not_json', attempts: 1 },
    ],
    [
      'with the stack of the line about it',
      stated,
      [{ message_id: 'old', ...logged('not_json') }],
      { error: { code: 'not_json', message: 'bad', stack: 'at place', at: '2026-01-01T00:00:00.000Z' } },
    ],
    ['the log, by its id', {}, [{ message_id: 'm1', ...logged('internal') }], { reason: 'internal', attempts: 3 }],
    [
      'the log, by its event',
      {},
      [{ message_id: 'x', event_id: 'e-1', ...logged('conflict') }],
      { reason: 'conflict' },
    ],
    [
      'the log, when it was moved back and failed again',
      stated,
      [{ message_id: 'm1', ...logged('internal') }],
      { reason: 'internal', attempts: 3 },
    ],
    [
      'nobody',
      {},
      [{ message_id: 'x', event_id: 'y', ...logged('conflict') }],
      { reason: undefined, error: undefined, attempts: 1 },
    ],
    [
      'nobody, from lines that make no sense',
      {},
      [
        { message_id: 'm1', error: 'x' },
        { message_id: 'm1', error: null },
      ],
      { reason: undefined },
    ],
  ])('knows why a message is there from %s', async (_from, attributes, lines, expected) => {
    const world = new World();
    world.enqueue(DEAD, '{"event_id":"e-1"}', attributes as Record<string, string>);
    const [letter] = await inspectDeadLetters(payment(withLines(world, lines)), { limit: 1, stacks: true });
    expect(letter).toMatchObject(expected);
  });

  it('counts reasons, the most frequent first', async () => {
    const world = new World();
    for (const reason of ['a', 'b', 'b', undefined])
      world.enqueue(DEAD, '{}', reason === undefined ? {} : { cliffracer_reason: reason });
    const summary = await summaryOf(payment(world));
    expect(summary).toMatchObject({
      ...{ queue: DEAD, messages: 4, examined: 4 },
      reasons: [
        { reason: 'b', messages: 2 },
        { reason: 'a', messages: 1 },
        { reason: 'unknown', messages: 1 },
      ],
    });
  });
});
