import { expect, test } from 'vitest';
import { jobsAndOrders } from '../../support/programs.ts';
import { callWorld } from './world.ts';

test("refused calls stand in the engine's log, repeated ones counted", async () => {
  const written: string[] = [];
  const world = callWorld({ onNotice: (text) => written.push(text) });
  const url = await jobsAndOrders(world);
  for (let sent = 0; sent < 12; sent++)
    await world.program('shop').sqs('SendMessage', { QueueUrl: `${url}-none`, MessageBody: 'x' });
  expect(written).toEqual([
    'sqs:SendMessage of shop refused: QueueDoesNotExist',
    'sqs:SendMessage of shop refused: QueueDoesNotExist, 10 times so far',
  ]);
});
