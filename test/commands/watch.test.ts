import { createServer } from 'node:http';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await new Session().provisioned();
  await session.run('order create --customer ada --item keyboard:1');
  await session.run('drain');
});
afterAll(() => session.close());

/** Follows until stdout has a text, or at once without one. */
function watched(flags: string, until: string, options: object = {}) {
  const interrupt = new AbortController();
  const watch = (stdout: string) => stdout.includes(until) && interrupt.abort();
  return session.run(`watch ${flags}`, { signal: interrupt.signal, watch, ...options });
}

test('--json: a line an event, in the words of the documents', async () => {
  const outcome = await watched('--json --limit 400', 'order_fulfilled');
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const events = outcome.lines();
  const keys = [
    'about',
    'attempt',
    'at',
    'caller',
    'conversation',
    'event',
    'message_id',
    'name',
    'seq',
    'text',
    'where',
  ];
  for (const event of events) expect(Object.keys(event).sort()).toEqual(keys.sort());
  const created = events.find(({ name, event }) => name === 'order_created' && event === 'published');
  expect(created).toMatchObject({ where: 'order-events', about: expect.stringMatching(/^ord_/) });
  // Everything that followed from it is one conversation.
  const last = events.find(({ name }) => name === 'order_fulfilled');
  expect(last).toMatchObject({ conversation: created.conversation, about: created.about });
});

test('--compact: one line an event, in a pipe with whole times, on a terminal no wider than it', async () => {
  const piped = await watched('--compact --limit 400', 'order_fulfilled');
  expect(piped.code).toBe(0);
  expect(piped.stdout).toMatch(
    /^2026-01-01T12:00:\d\d\.\d{3}Z {2}cliffracer {2,}» order-events order_created ord_\w+ published to /m,
  );
  const shown = await watched('--compact --limit 400', 'order_fulfilled', { terminal: 60, env: { NO_COLOR: '1' } });
  for (const line of shown.stdout.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(60);
  expect(shown.stdout).toContain('✓ inventory-queue order_create…');
});

test('without a terminal: refused, with the flags that need none', async () => {
  const outcome = await session.run('watch');
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toBe(
    'error: a screen needs a terminal for input and output\ntry: a line an event: cliffracer watch --json, or --compact\n',
  );
});

describe('where there is no call log', () => {
  test('no engine: exit 3', async () => {
    const off = new Session();
    const outcome = await off.run('watch --json');
    expect(outcome).toMatchObject({ code: 3, stderr: '' });
    expect(outcome.json().error).toMatchObject({ code: 'engine_unreachable', hint: 'cliffracer up' });
    await off.close();
  });

  test('another engine, and AWS', async () => {
    const server = createServer((request, response) => {
      const isHealth = request.url === '/_localstack/health';
      response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
      response.end(isHealth ? '{"services":{"sqs":"running"},"edition":"community","version":"4.14.0"}' : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const outcome = await session.run('watch --json', { env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` } });
    server.close();
    expect(outcome.json().error).toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('inspect queues'),
    });
    const aws = await session.run('watch --compact --target aws', { aws: true });
    expect(aws.stderr).toContain('watch needs the call log of the embedded engine, and the target is AWS');
  });
});
