import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesInBacklog } from '../../../src/emulator/sqs/backlog.ts';
import { messagesOf } from '../../../src/emulator/sqs/queue.ts';
import type { Queue } from '../../../src/emulator/sqs/state.ts';
import { queueWorld, type Received } from './queue-world.ts';

type Step =
  | { kind: 'send'; group: number; delay: number }
  | { kind: 'receive'; max: number; visibility: number }
  | { kind: 'delete' | 'show' | 'extend'; which: number }
  | { kind: 'advance'; seconds: number }
  | { kind: 'reload' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('send'), group: fc.nat(3), delay: fc.constantFrom(0, 0, 3) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('receive'),
        max: fc.integer({ min: 1, max: 10 }),
        visibility: fc.constantFrom(0, 2, 10, 10),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'show', 'extend'), which: fc.nat(30) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance'), seconds: fc.constantFrom(1, 2, 7, 30) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload') }) },
  ) as fc.Arbitrary<Step>,
  { maxLength: 80 },
);

/** The counters must say what the messages say, and every message that is ready must be within reach. */
function checkQueue(queue: Queue): void {
  const messages = [...messagesOf(queue)];
  const keys = messages.map(({ key }) => key);
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
  const count = (state: string) => messages.filter((message) => message.state === state).length;
  expect(queue.counts).toEqual({ ready: count('ready'), 'in-flight': count('in-flight'), delayed: count('delayed') });
  const waiting = [...messagesInBacklog(queue)].map(({ key }) => key);
  expect(queue.backlog?.size ?? 0).toBe(waiting.length);
  const standing = new Set([...queue.ready.filter((_, index) => index % 2 === 1), ...waiting]);
  const grouped = messages.filter(({ content }) => content.groupId !== undefined);
  const alone = messages.filter(({ content }) => content.groupId === undefined);
  expect(alone.every(({ state, key }) => state !== 'ready' || standing.has(key))).toBe(true);
  expect(queue.groups.size).toBe(new Set(grouped.map(({ content }) => content.groupId)).size);
  for (const [id, group] of queue.groups) {
    const members = messages.filter(({ content }) => content.groupId === id);
    expect(group.size).toBe(members.length);
    // A FIFO group waits for its first message; a standard one only for its turn.
    const deliverable = queue.settings.fifo
      ? members[0]?.state === 'ready'
      : members.some(({ state }) => state === 'ready');
    if (deliverable) expect(standing.has(group.listed!)).toBe(true);
    if (deliverable) expect(members.some(({ key }) => key === group.listed)).toBe(true);
  }
}

/** `before`: messages that are sent before the script begins. */
async function play(script: readonly Step[], fifo: boolean, before = 0) {
  const world = queueWorld();
  const { source, deadLetter } = await world.createPair(4, fifo ? '.fifo' : '');
  const held: (Received & { group: string | undefined })[] = [];
  let sent = 0;
  for (; sent < before; sent++) await world.send(source, `${sent}`);
  const deleted = new Set<string>();
  for (const step of script) {
    if (step.kind === 'send') {
      const ids = { MessageGroupId: `g${step.group}`, MessageDeduplicationId: `${sent}` };
      const tenant = step.group === 0 ? {} : { MessageGroupId: `g${step.group}` };
      await world.send(source, `${sent++}`, fifo ? ids : { DelaySeconds: step.delay, ...tenant });
    } else if (step.kind === 'receive') {
      const blocked = heldUp(world.state().queues.get('source.fifo'));
      const got = await world.receive(source, { MaxNumberOfMessages: step.max, VisibilityTimeout: step.visibility });
      expect(got.length).toBeLessThanOrEqual(step.max);
      expect(new Set(got.map(({ MessageId }) => MessageId)).size).toBe(got.length);
      expect(got.some(({ Body }) => deleted.has(Body))).toBe(false);
      expect(got.some(({ MessageId }) => blocked.has(MessageId))).toBe(false);
      for (const group of new Set(got.map(({ Attributes }) => Attributes!.MessageGroupId))) {
        const bodies = got
          .filter(({ Attributes }) => Attributes!.MessageGroupId === group)
          .map(({ Body }) => Number(Body));
        if (fifo) expect(bodies).toEqual([...bodies].sort((a, b) => a - b));
      }
      held.push(...got.map((message) => ({ ...message, group: message.Attributes!.MessageGroupId })));
    } else if (step.kind === 'advance') {
      world.advance(step.seconds);
    } else if (step.kind === 'reload') {
      world.engine.restore(deserialize(serialize(world.engine.state)));
    } else if (held.length > 0) {
      const message = held[step.which % held.length]!;
      const input = { QueueUrl: source, ReceiptHandle: message.ReceiptHandle };
      const depth = (await world.depths(source)).reduce((a, b) => a + b);
      const VisibilityTimeout = step.kind === 'show' ? 0 : 20;
      // A handle may have expired; then the call may fail, and must change nothing.
      if (step.kind === 'delete') await world.call('DeleteMessage', input).catch(() => undefined);
      else await world.call('ChangeMessageVisibility', { ...input, VisibilityTimeout }).catch(() => undefined);
      const after = (await world.depths(source)).reduce((a, b) => a + b);
      if (after < depth) deleted.add(message.Body);
    }
    const total = [...(await world.depths(source)), ...(await world.depths(deadLetter))].reduce((a, b) => a + b);
    expect(total + deleted.size).toBe(sent);
    for (const queue of world.state().queues.values()) checkQueue(queue);
  }
}

/** The messages of a FIFO queue that stand behind one of their group which is in flight. */
function heldUp(queue: Queue | undefined): Set<string> {
  const held = new Set<string>();
  const blocked = new Set<string | undefined>();
  for (const { content, state } of queue === undefined ? [] : messagesOf(queue)) {
    if (blocked.has(content.groupId)) held.add(content.id);
    if (state !== 'ready') blocked.add(content.groupId);
  }
  return held;
}

describe('whatever is done, no message is lost, doubled or out of reach', () => {
  it('on a standard queue', async () => {
    await fc.assert(fc.asyncProperty(steps, (script) => play(script, false)));
  });

  it('on a standard queue that many messages wait in', async () => {
    await fc.assert(
      fc.asyncProperty(steps, (script) => play(script, false, 270)),
      { numRuns: 30 },
    );
  });

  it('on a FIFO queue, and groups keep their order', async () => {
    await fc.assert(fc.asyncProperty(steps, (script) => play(script, true)));
  });
});

describe('stale entries', () => {
  it('do not pile up', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (let round = 0; round < 2000; round++) {
      await world.send(queue, 'a');
      const [message] = await world.receive(queue);
      await world.remove(queue, message!);
    }
    const { ready, hidden, expiry, messages } = world.state().queues.get('q')!;
    expect(messages.size).toBe(0);
    expect(Math.max(ready.length, hidden.length, expiry.length)).toBeLessThan(200);
    expect(world.engine.state.timers.length).toBeLessThan(5);
  });
});

describe('a snapshot', () => {
  it('holds plain data, whatever clients call things', async () => {
    const world = queueWorld();
    const { source } = await world.createPair(1, '.fifo');
    const { QueueUrl } = await world.call('CreateQueue', {
      QueueName: '__proto__',
      tags: new Map([['__proto__', 'x']]),
    });
    const MessageAttributes = new Map([['__proto__', { DataType: 'Binary', BinaryValue: Buffer.from('x') }]]);
    await world.send(QueueUrl, 'a', { MessageAttributes });
    await world.send(source, 'b', { MessageGroupId: '__proto__', MessageDeduplicationId: 'constructor' });
    await world.receive(source, { ReceiveRequestAttemptId: '__proto__' });
    expect(structuredClone(world.engine.state)).toEqual(world.engine.state);
    expect(Object.keys((await world.call('ListQueueTags', { QueueUrl })).Tags)).toEqual(['__proto__']);
  });
});
