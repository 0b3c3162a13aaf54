import { afterEach, beforeEach, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().provisioned();
});
afterEach(() => session.close());

test('--debug lists the calls of a command on stderr, and leaves stdout as it is', async () => {
  const plain = await session.run('inspect orders --json');
  const { code, stdout, stderr } = await session.run('inspect orders --json --debug');
  expect([code, stdout, plain.stderr]).toEqual([0, plain.stdout, '']);
  expect(stderr).toMatch(/^call {2}DynamoDB \w+ +ok {2}\d+(\.\d+)? m?s$/m);
  const control = await session.run('queue list --debug');
  expect(control.stderr).toMatch(/^call {2}GET \/_cliffracer\/sqs\/queues +200 {2}\d/m);
});

test('of a command that fails, too: the error stays one JSON document, the stack is on stderr', async () => {
  const failed = await session.run('order show nothing --json --debug');
  expect(failed.json().error.code).toBe('not_found');
  expect(failed.stderr).toMatch(/^call {2}DynamoDB [\s\S]*CliffracerError/m);
});
