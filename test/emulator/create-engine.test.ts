import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/emulator/create-engine.ts';

const SETTINGS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

test('an engine answers without a socket and on ports, until it is closed', async () => {
  const engine = createEngine({ seed: 3, frozenAt: '2026-01-01', calls: 10 });
  const direct = new SQSClient({ ...SETTINGS, requestHandler: engine.requestHandler });
  await direct.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  const { endpoint, port } = await engine.listen({ port: 0 });
  expect(endpoint).toBe(`http://127.0.0.1:${port}`);
  const remote = new SQSClient({ ...SETTINGS, endpoint });
  expect((await remote.send(new ListQueuesCommand())).QueueUrls).toEqual([`${endpoint}/000000000000/jobs`]);
  remote.destroy();
  const { clock } = (await (await fetch(`${endpoint}/_cliffracer/clock`)).json()) as { clock: object };
  expect(clock).toMatchObject({ now: '2026-01-01T00:00:00.000Z', frozen: true });
  const other = await engine.listen();
  await other.close();
  await engine.close();
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
});

test('wrong options are refused', async () => {
  expect(() => createEngine({ frozenAt: 'soon' })).toThrow('frozenAt "soon" is no time');
  await using engine = createEngine();
  await expect(engine.listen({ host: '0.0.0.0' })).rejects.toThrow('loopback addresses only');
});
