import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lab } from '../control/lab.ts';
import { asAfterKill } from '../persistence/directory.ts';
import { queueWorld, type Received } from './queue-world.ts';

/** A held queue with messages in it, and the engine's own ways to hold and release. */
async function heldWorld(options: { fifo?: boolean; where?: string; bodies?: string[]; more?: object[] } = {}) {
  const world = queueWorld();
  const name = options.fifo ? 'q.fifo' : 'q';
  const queue = options.fifo ? await world.createFifo(name) : await world.create(name, { VisibilityTimeout: '30' });
  const act = (operation: string, input: object = {}) =>
    world.engine.perform({
      ...{ service: 'sqs', operation, account: '000000000000', region: 'us-east-1' },
      input: { QueueName: name, ...input },
    }) as { held: number; released: string[] };
  const bodies = options.bodies ?? ['a', 'b', 'c'];
  for (const [index, body] of bodies.entries()) await world.send(queue, body, options.more?.[index]);
  act('HoldQueue', options.where === undefined ? {} : { Where: options.where });
  const release = (input: object = {}) => act('ReleaseMessages', input).released;
  const ids = () => [...world.state().queues.get(name)!.messages.values()].map(({ content }) => content.id);
  return { world, queue, act, release, ids, hold: () => world.state().queues.get(name)!.hold };
}

const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

describe('a held queue', () => {
  it('gives receivers nothing, and its messages stay ready', async () => {
    const { world, queue } = await heldWorld();
    expect(await world.bodies(queue)).toEqual([]);
    await world.send(queue, 'later');
    expect(await world.bodies(queue)).toEqual([]);
    expect(await world.depths(queue)).toEqual([4, 0, 0]);
  });

  it('gives what is released, the oldest first, each for one receive', async () => {
    const { world, queue, release } = await heldWorld();
    release();
    expect(await world.bodies(queue)).toEqual(['a']);
    expect(await world.bodies(queue)).toEqual([]);
    release({ Max: 5 });
    expect(await world.bodies(queue)).toEqual(['b', 'c']);
    world.advance(31);
    expect(await world.bodies(queue)).toEqual([]);
    expect(await world.depths(queue)).toEqual([3, 0, 0]);
  });

  it('gives one message by its id, and refuses one that is not there, in flight, or released', async () => {
    const { world, queue, release, ids } = await heldWorld();
    const [a, b] = ids();
    expect(release({ MessageId: b })).toEqual([b]);
    expect(() => release({ MessageId: b })).toThrow('was released already');
    expect(await world.bodies(queue)).toEqual(['b']);
    expect(() => release({ MessageId: b })).toThrow('is in flight');
    expect(() => release({ MessageId: 'nothing' })).toThrow('no message nothing in q');
    expect(release({ MessageId: a })).toEqual([a]);
  });

  it('lets long polls wait, and wakes one for each message released', async () => {
    const { world, queue, release } = await heldWorld();
    const polls = [1, 2].map(() => world.bodies(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
    await world.send(queue, 'new');
    expect(await settled(polls[0]!)).toBe(false);
    release();
    expect(await polls[0]).toEqual(['a']);
    expect(await settled(polls[1]!)).toBe(false);
    release({ Max: 1 });
    expect(await polls[1]).toEqual(['b']);
  });

  it('gives everything again when the hold ends', async () => {
    const { world, queue, act, release } = await heldWorld();
    release();
    const [first] = await world.receive(queue, { VisibilityTimeout: 5 });
    const poll = world.bodies(queue, { WaitTimeSeconds: 20 });
    act('EndHold');
    expect(await poll).toEqual(['b', 'c']);
    world.advance(5);
    expect(await world.bodies(queue)).toEqual([first!.Body]);
    expect(act('EndHold').released).toBe(0);
  });

  it('goes on with retention and delays', async () => {
    const { world, queue, release } = await heldWorld({ bodies: [] });
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { MessageRetentionPeriod: '60' } });
    await world.send(queue, 'old');
    await world.send(queue, 'delayed', { DelaySeconds: 50 });
    world.advance(50);
    expect(release({ Max: 10 })).toHaveLength(2);
    world.advance(10);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    expect(await world.bodies(queue)).toEqual([]);
  });

  it('takes back what was released and not received, when it is held again', async () => {
    const { world, queue, act, release } = await heldWorld();
    release({ Max: 2 });
    expect(act('HoldQueue').held).toBe(3);
    expect(await world.bodies(queue)).toEqual([]);
  });

  it('moves a message that was received too often to the dead-letter queue only when it is released', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1);
    await world.send(source, 'a');
    await world.receive(source, { VisibilityTimeout: 0 });
    const act = (operation: string) =>
      world.engine.perform({
        ...{ service: 'sqs', operation, account: '000000000000', region: 'us-east-1' },
        input: { QueueName: 'source' },
      });
    act('HoldQueue');
    expect(await world.bodies(source)).toEqual([]);
    expect(await world.depths(source)).toEqual([1, 0, 0]);
    act('ReleaseMessages');
    expect(await world.bodies(source)).toEqual([]);
    expect(await world.bodies(deadLetter)).toEqual(['a']);
  });
});

describe('a release', () => {
  it('leaves a copy behind when asked, held, that counts as the next receive', async () => {
    const { world, queue, release, ids } = await heldWorld({ bodies: ['a'] });
    const [id] = ids();
    release({ MessageId: id, Again: true });
    const [first] = await world.receive(queue);
    await world.remove(queue, first!);
    expect(await world.bodies(queue)).toEqual([]);
    release({ MessageId: id });
    const [second] = await world.receive(queue);
    expect(second).toMatchObject({ MessageId: id, Body: 'a', Attributes: { ApproximateReceiveCount: '2' } });
    await world.remove(queue, second!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it('gives the message another body, within the limits of the queue', async () => {
    const { world, queue, release } = await heldWorld({ bodies: ['a'] });
    expect(() => release({ Body: '\u0000' })).toThrow('Invalid characters');
    release({ Body: 'edited' });
    const [received] = await world.receive(queue);
    expect(received).toMatchObject({ Body: 'edited', MD5OfBody: '683dc5278b1fbbd98a996cecc3ffd06a' });
  });
});

describe('a hold with a condition', () => {
  const bodies = ['{"total":5}', '{"total":500}', 'no json', '{"Type":"Notification","Message":"{\\"total\\":900}"}'];

  it('holds only what fulfils it, inside of an envelope too', async () => {
    const { world, queue, release, hold } = await heldWorld({ where: 'total > 100', bodies });
    expect(await world.bodies(queue)).toEqual([bodies[0], bodies[2]]);
    await world.send(queue, '{"total":1}');
    await world.send(queue, '{"total":101}');
    expect(await world.bodies(queue)).toEqual(['{"total":1}']);
    expect(release({ Max: 10 })).toHaveLength(3);
    expect(hold()).toMatchObject({ where: 'total > 100', released: 3 });
  });

  it('looks at the receive count anew whenever a message becomes visible', async () => {
    const { world, queue } = await heldWorld({ where: 'receive_count >= 2', bodies: ['a'] });
    expect(await world.bodies(queue, { VisibilityTimeout: 0 })).toEqual(['a']);
    expect(await world.bodies(queue, { VisibilityTimeout: 0 })).toEqual(['a']);
    expect(await world.bodies(queue)).toEqual([]);
  });

  it('knows attributes', async () => {
    const tenant = (StringValue: string) => ({ MessageAttributes: { tenant: { DataType: 'String', StringValue } } });
    const more = [tenant('one'), tenant('two')];
    const { world, queue } = await heldWorld({ where: 'attributes.tenant = two', bodies: ['a', 'b'], more });
    expect(await world.bodies(queue)).toEqual(['a']);
  });
});

describe('a held FIFO queue', () => {
  const groups = ['x', 'x', 'y'].map((MessageGroupId) => ({ MessageGroupId }));

  it('keeps the order of a group', async () => {
    const { world, queue, release, ids } = await heldWorld({ fifo: true, more: groups });
    const [a, b, c] = ids();
    expect(() => release({ MessageId: b })).toThrow(`comes after ${a} of its group`);
    release({ MessageId: c });
    expect(await world.bodies(queue)).toEqual(['c']);
    release({ MessageId: a });
    const [first] = await world.receive(queue);
    release({ MessageId: b });
    expect(await world.bodies(queue)).toEqual([]);
    const poll = world.bodies(queue, { WaitTimeSeconds: 20 });
    await world.remove(queue, first!);
    expect(await poll).toEqual(['b']);
  });

  it('gives nothing of a group whose first message came back and is held', async () => {
    const { world, queue, act, release } = await heldWorld({ fifo: true, more: groups });
    release({ Max: 1 });
    const [first] = await world.receive(queue);
    release({ Max: 1 });
    const handle = { QueueUrl: queue, ReceiptHandle: first!.ReceiptHandle, VisibilityTimeout: 0 };
    await world.call('ChangeMessageVisibility', handle);
    expect(await world.bodies(queue)).toEqual([]);
    act('EndHold');
    expect(await world.bodies(queue)).toEqual(['a', 'b', 'c']);
  });

  it('delivers no message again whose group has others', async () => {
    const { release, ids } = await heldWorld({ fifo: true, more: groups });
    const [a, , c] = ids();
    expect(() => release({ MessageId: a, Again: true })).toThrow('cannot be delivered twice');
    expect(release({ MessageId: c, Again: true })).toEqual([c]);
  });
});

it('delivers each message once, whatever is held and released in between', async () => {
  for (const fair of [false, true]) {
    const { world, queue, act, release } = await heldWorld({ bodies: [] });
    const send = (index: number) => world.send(queue, String(index), fair ? { MessageGroupId: `g${index % 3}` } : {});
    for (let index = 0; index < 20; index++) await send(index);
    const got: Received[] = [];
    const take = async () => got.push(...(await world.receive(queue, { MaxNumberOfMessages: 3 })));
    release({ Max: 4 });
    await take();
    await take();
    act('EndHold');
    await take();
    act('HoldQueue');
    await take();
    release({ Max: 6 });
    for (let turn = 0; turn < 3; turn++) await take();
    act('EndHold');
    for (let turn = 0; turn < 5; turn++) await take();
    const numbers = got.map(({ Body }) => Number(Body)).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index));
  }
});

describe('over the control interface', () => {
  it('holds, tells, releases and ends', async () => {
    const { control, queueWith, call } = lab();
    const QueueUrl = await queueWith('a', 'b', 'c');
    expect((await control('POST /sqs/queues/q/hold')).body).toEqual({ queue: 'q', held: 3 });
    const released = await control('POST /sqs/queues/q/release', { max: 2 });
    expect(released.body).toMatchObject({ queue: 'q', held: 1, released: [expect.any(String), expect.any(String)] });
    await call('sqs', 'ReceiveMessage', { QueueUrl });
    const { queue } = (await control('GET /sqs/queues/q')).body;
    expect(queue).toMatchObject({ ready: 2, in_flight: 1, held: 1, hold: { where: null, released: 2 } });
    const { messages } = (await control('GET /sqs/queues/q/messages')).body;
    expect(messages.map(({ held }: { held: boolean }) => held)).toEqual([false, true]);
    expect((await control('DELETE /sqs/queues/q/hold')).body).toEqual({ queue: 'q', released: 1 });
    expect((await control('GET /sqs/queues')).body.queues).toMatchObject([{ name: 'q', held: 0, hold: null }]);
    const { calls } = (await control('GET /calls')).body;
    expect(calls.flatMap(({ effects }: { effects: object[] }) => effects)).toEqual([
      { kind: 'world', change: 'held', name: 'q', count: 3, delivery: null },
      { kind: 'world', change: 'released', name: 'q', count: 2, delivery: null },
      { kind: 'world', change: 'released', name: 'q', count: 1, delivery: null },
    ]);
  });

  it.each([
    ['POST /sqs/queues/none/hold', {}, 404, 'no such queue: none'],
    ['POST /sqs/queues/q/release', {}, 409, 'q is not held'],
    ['POST /sqs/queues/q/hold', { where: 'a >' }, 400, 'where, character 4: expected a value'],
    ['POST /sqs/queues/q/hold', { where: 1 }, 400, 'where must be a text'],
    ['POST /sqs/queues/q/release', { max: 0 }, 400, 'max must be a whole number'],
    ['POST /sqs/queues/q/release', { max: 1, message: 'a' }, 400, 'message or max'],
    ['POST /sqs/queues/q/release', { again: 'yes' }, 400, 'again must be true or false'],
  ])('refuses %s %j', async (request, body, status, message) => {
    const { control, queueWith } = lab();
    await queueWith('a');
    const answer = await control(request, body);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  it('is reached by no client and no fault', async () => {
    const { control, queueWith, emulator } = lab();
    await queueWith('a');
    await control('POST /faults', { rule: 'error InternalError' });
    expect((await control('POST /sqs/queues/q/hold')).status).toBe(200);
    const response = await emulator.handle({
      ...{ method: 'POST', url: '/', body: Buffer.from('{"QueueName":"q"}') },
      headers: {
        host: '127.0.0.1:4566',
        'x-amz-target': 'AmazonSQS.EndHold',
        'content-type': 'application/x-amz-json-1.0',
      },
    });
    expect(response.status).toBe(400);
    expect((await control('GET /sqs/queues/q')).body.queue.held).toBe(1);
  });

  it('survives a snapshot, and the end of the process', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hold-'));
    const first = lab({ dataDirectory: directory });
    await first.queueWith('a', 'b', '{"total":5}');
    await first.control('POST /sqs/queues/q/hold', { where: 'not total = 5' });
    await first.control('POST /snapshots/held');
    await first.control('POST /sqs/queues/q/release');
    const killed = lab({ dataDirectory: asAfterKill(directory) });
    expect(killed.engine.state).toEqual(first.engine.state);
    expect((await killed.control('GET /sqs/queues/q')).body.queue).toMatchObject({ ready: 3, held: 1 });
    await first.control('DELETE /sqs/queues/q/hold');
    await first.control('POST /snapshots/held/load');
    const { queue } = (await first.control('GET /sqs/queues/q')).body;
    expect(queue).toMatchObject({ held: 2, hold: { where: 'not total = 5', released: 0 } });
    killed.emulator.close();
    first.emulator.close();
  });
});
