import { expect, test } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import { ServerClock } from '../../src/engines/server-clock.ts';

const HEADER = 'x-cliffracer-clock';
const DAY = 86_400_000;

function clocks() {
  const base = { time: 1_000, now: () => base.time, sleep: async () => {} };
  return { base, clock: new ServerClock(base) };
}

test('runs with the program, until an answer says that it is another time there', () => {
  const { base, clock } = clocks();
  expect([clock.observed, clock.now()]).toEqual([false, 1_000]);
  clock.observe({ [HEADER]: '50000' });
  base.time += 5;
  expect([clock.observed, clock.now(), clock.elapsed()]).toEqual([true, 50_005, 1_005]);
});

test('stands still where time is frozen; durations go on', () => {
  const { base, clock } = clocks();
  clock.observe({ [HEADER]: '50000 frozen' });
  base.time += 5;
  expect([clock.now(), clock.elapsed()]).toEqual([50_000, 1_005]);
  clock.observe({ [HEADER]: '60000 frozen' });
  expect(clock.now()).toBe(60_000);
});

test.each([{}, undefined, { [HEADER]: 'soon' }, { [HEADER]: '-5' }, { [HEADER]: '1e99 frozen' }])(
  'an answer with %j leaves the time to the program',
  (headers) => {
    const { clock } = clocks();
    clock.observe({ [HEADER]: '50000 frozen' });
    clock.observe(headers);
    expect(clock.now()).toBe(1_000);
  },
);

test('every answer of an engine tells it, an error too, and only while its clock is turned', async () => {
  const { base, clock } = clocks();
  const emulator = createEmulator({ host: { now: () => base.time, after: () => () => {} } });
  const clients = createClients(
    { kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' },
    { requestHandler: requestHandler(emulator), onAnswer: (headers) => clock.observe(headers) },
  );
  const { ListQueuesCommand, GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
  const sqs = await clients.sqs();
  await sqs.send(new ListQueuesCommand({}));
  expect([clock.observed, clock.now()]).toEqual([true, 1_000]);
  emulator.engine.advanceTo(20 * DAY);
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toThrow();
  expect(clock.now()).toBe(20 * DAY);
  emulator.close();
});
