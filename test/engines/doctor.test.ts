import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpCall } from '../../src/engines/http.ts';
import { HEALTH, Machine } from './machine.ts';
import { containers, type Scenario, standInDocker } from './stand-in-docker.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

interface Row {
  check: string;
  status: string;
  detail: string;
  remedy?: string;
  fixed?: string;
}

/** Looks at the machine, whose engine has a port of its own. */
async function doctor(env: Record<string, string> = {}, flags = '') {
  const result = await machine.run(`doctor --json ${flags}`, { CLIFFRACER_PORT: String(machine.port), ...env });
  const { healthy, checks } = result.json() as { healthy: boolean; checks: Row[] };
  expect(result.code).toBe(healthy ? 0 : 1);
  return { healthy, checks, of: (name: string) => checks.find(({ check }) => check === name)! };
}

const serve = (
  answer: (url: string) => { status?: number; body: string; headers?: Record<string, string> },
): Server => {
  const server = createHttpServer((request, response) => {
    const { status = 200, body, headers = {} } = answer(request.url ?? '');
    response.writeHead(status, headers).end(body);
  }).listen(machine.port, '127.0.0.1');
  machine.cleanup(() => server.close());
  return server;
};

test('a healthy machine with a healthy engine: every behaviour is tried, and nothing fails', async () => {
  await machine.run(`up --no-provision --port ${machine.port}`);
  const { healthy, checks, of } = await doctor();
  expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(healthy).toBe(true);
  for (const name of ['sns', 'sqs', 'dynamodb', 's3', 'cloudwatch', 'logs']) expect(of(name).status).toBe('passed');
  for (const name of ['filter policy', 'conditional writes', 'gzip', 'clock', 'engine version']) {
    expect(of(name)).toMatchObject({ status: 'passed' });
  }
  // A second look would find what the first had not cleaned up.
  expect((await machine.run('ps --json')).json().engines[0].stacks).toEqual([]);
});

test('a subscription whose queue refuses the topic is named, with what lets it in', async () => {
  await machine.run(`up --no-provision --port ${machine.port}`);
  const call = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await httpCall(`http://127.0.0.1:${machine.port}/`, {
      method: 'POST',
      headers,
      body,
      timeoutMs: 5000,
    });
    expect(answer.status).toBe(200);
  };
  await call({ Action: 'CreateQueue', Version: '2012-11-05', QueueName: 'jobs' });
  await call({ Action: 'CreateTopic', Version: '2010-03-31', Name: 'events' });
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:events';
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:jobs';
  await call({ Action: 'Subscribe', Version: '2010-03-31', TopicArn, Protocol: 'sqs', Endpoint });
  await call({ Action: 'Publish', Version: '2010-03-31', TopicArn, Message: 'lost' });
  const { healthy, of } = await doctor();
  expect(healthy).toBe(false);
  expect(of('subscriptions')).toMatchObject({
    ...{ status: 'failed', detail: 'jobs refuses events (AccessDenied)' },
    remedy: expect.stringContaining('cliffracer up --lenient'),
  });
  const { stdout: log } = await machine.run('logs');
  expect(log).toContain(`${TopicArn} could not deliver to ${Endpoint}, messages are lost: AccessDenied`);
});

test('before the first up nothing is wrong, and what cannot be looked at says why', async () => {
  const { healthy, of } = await doctor();
  expect(healthy).toBe(true);
  expect(of('engine')).toMatchObject({ status: 'skipped', remedy: 'cliffracer up' });
  expect(of('gzip')).toMatchObject({ status: 'skipped', detail: 'no engine answers' });
  expect(of('docker client')).toMatchObject({ status: 'skipped' });
});

test('each failure is shown with the command that fixes it, below the table', async () => {
  const { code, stdout } = await machine.run('doctor', { AWS_PROFILE: 'gone' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/1 check failed\.\n/);
  expect(stdout).toMatch(/AWS profile: +unset AWS_PROFILE/);
});

test.each<[string, Record<string, string>, string, RegExp, RegExp]>([
  ['an empty endpoint', { AWS_ENDPOINT_URL: '' }, 'AWS variables', /empty/, /cliffracer env/],
  ['ignored endpoints', { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'AWS variables', /AWS itself/, /unset/],
  [
    'a misspelt variable',
    { AWS_ENDPOINT_URL_LOGS: 'http://127.0.0.1:1' },
    'AWS variables',
    /CLOUDWATCH_LOGS/,
    /export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS/,
  ],
  [
    'a profile that does not exist',
    { AWS_PROFILE: 'work' },
    'AWS profile',
    /work is not configured/,
    /unset AWS_PROFILE/,
  ],
  ['a proxy', { HTTP_PROXY: 'http://proxy:3128' }, 'proxy', /HTTP_PROXY/, /NO_PROXY=127\.0\.0\.1,localhost/],
  [
    'an endpoint without a scheme',
    { AWS_ENDPOINT_URL: '127.0.0.1:4566' },
    'settings',
    /does not start with http/,
    /say http:/,
  ],
  [
    'an endpoint for a service at AWS',
    { AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com' },
    'settings',
    /AWS itself/,
    /--target aws/,
  ],
  ['a region that is none', { AWS_REGION: 'europe' }, 'settings', /europe/, /--region/],
])('%s is found', async (_name, env, check, detail, remedy) => {
  const { healthy, of } = await doctor(env);
  expect(healthy).toBe(false);
  expect(of(check)).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(detail),
    remedy: expect.stringMatching(remedy),
  });
});

test('keys that look real are named by their kind, and never shown', async () => {
  const { healthy, of } = await doctor({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' });
  expect(healthy).toBe(true);
  expect(of('AWS keys')).toMatchObject({ status: 'skipped', detail: expect.stringContaining('AKIA...') });
  expect(JSON.stringify(of('AWS keys'))).not.toContain('IOSFODNN7EXAMPLE');
});

test('a proxy that leaves the engine out is no fault', async () => {
  const { of } = await doctor({ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'example.com, 127.0.0.1' });
  expect(of('proxy').status).toBe('passed');
});

test('a state directory that cannot be written', async () => {
  const file = machine.file('in-the-way', '');
  expect((await doctor({ CLIFFRACER_HOME: file })).of('state directory')).toMatchObject({
    status: 'failed',
    remedy: expect.stringContaining('CLIFFRACER_HOME'),
  });
});

describe('the endpoint', () => {
  test('with a web page', async () => {
    serve(() => ({ body: '<html>hello</html>', headers: { 'content-type': 'text/html' } }));
    const { of } = await doctor();
    expect(of('engine')).toMatchObject({ status: 'failed', detail: expect.stringContaining('text/html') });
    expect(of('port')).toMatchObject({ status: 'failed' });
  });

  test('with something that says nothing', async () => {
    const server = createServer((socket) => socket.destroy()).listen(machine.port, '127.0.0.1');
    machine.cleanup(() => server.close());
    expect((await doctor()).of('port')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('EADDRINUSE'),
    });
  });

  test('with an engine that is too old, misses services, is an hour ahead and keeps nothing', async () => {
    const health = { ...HEALTH, version: '4.8.0', services: { ...HEALTH.services, s3: 'error' } };
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    serve((url) =>
      url === '/_localstack/health'
        ? { body: JSON.stringify(health), headers: { date } }
        : { status: 400, body: '{"__type":"ValidationException","message":"no"}', headers: { date } },
    );
    const { of } = await doctor();
    expect(of('engine version')).toMatchObject({ status: 'failed', remedy: expect.stringContaining('4.14.0') });
    expect(of('services')).toMatchObject({ status: 'failed', detail: expect.stringContaining('s3 (error)') });
    expect(of('clock')).toMatchObject({ status: 'failed', detail: expect.stringContaining('60 minutes ahead') });
    for (const name of ['sqs', 'filter policy', 'conditional writes', 'gzip']) expect(of(name).status).toBe('failed');
  });
});

describe('Docker', () => {
  const WANTED = { CLIFFRACER_ENGINE: 'localstack' };

  test.each<[string, Scenario, string, RegExp]>([
    [
      'without a daemon',
      { down: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?' },
      'docker daemon',
      /systemctl/,
    ],
    [
      'without permission',
      { down: 'permission denied while trying to connect to the Docker daemon socket' },
      'docker permission',
      /usermod/,
    ],
    ['with an image of another processor', { architecture: 's390x' }, 'architecture', /--platform linux\/amd64/],
  ])('%s', async (_name, scenario, check, remedy) => {
    standInDocker(machine, scenario);
    expect((await doctor(WANTED)).of(check)).toMatchObject({ status: 'failed', remedy: expect.stringMatching(remedy) });
  });

  test('with all that is needed', async () => {
    standInDocker(machine, {});
    const { healthy, of } = await doctor(WANTED);
    expect(healthy).toBe(true);
    for (const name of [
      'docker client',
      'docker daemon',
      'docker permission',
      'image',
      'architecture',
      'token',
      'containers',
    ]) {
      expect(of(name)).toMatchObject({ status: 'passed' });
    }
  });

  test('absent, but wanted', async () => {
    expect((await doctor(WANTED)).of('docker client').status).toBe('failed');
  });

  test('with an image that needs a token', async () => {
    standInDocker(machine, {});
    const env = { ...WANTED, CLIFFRACER_IMAGE: 'localstack/localstack:latest' };
    expect((await doctor(env)).of('token')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('4.14.0'),
    });
    expect((await doctor({ ...env, LOCALSTACK_AUTH_TOKEN: 'ls-x' })).of('token').status).toBe('passed');
  });

  test('with a container that a killed run left: --fix removes it', async () => {
    standInDocker(machine, { present: { name: 'cliffracer-localstack-1', instance: 'gone', status: 'exited' } });
    expect((await doctor()).of('containers')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('rm -f'),
    });
    expect((await doctor({}, '--fix')).of('containers')).toMatchObject({
      status: 'passed',
      fixed: 'removed cliffracer-localstack-1',
    });
    expect(containers(machine)).toEqual({});
    expect((await doctor()).healthy).toBe(true);
  });
});

test('an engine that ended by itself is found, and forgotten by --fix', async () => {
  const { pid } = (await machine.run(`up --no-provision --json --port ${machine.port}`)).json();
  process.kill(pid, 'SIGKILL');
  while ((await doctor()).of('engines of ours').status !== 'failed') await new Promise((r) => setTimeout(r, 20));
  expect((await doctor({}, '--fix')).of('engines of ours').fixed).toBe('forgot 1');
  expect((await doctor()).of('engines of ours').status).toBe('passed');
});
