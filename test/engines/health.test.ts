import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { causeOf } from '../../src/aws/round-trip-probes.ts';
import { knownFault } from '../../src/engines/faults.ts';
import { HEALTH, Machine } from './machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

type Answer = { status?: number; body: string };

function serve(port: number, answer: (request: IncomingMessage) => Answer | undefined): void {
  const server = createServer((request, response) => {
    const found = answer(request);
    if (found === undefined) return;
    response.writeHead(found.status ?? 200).end(found.body);
  }).listen(port, '127.0.0.1');
  machine.cleanup(() => {
    server.closeAllConnections();
    server.close();
  });
}

const IDENTITY =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const isHealth = ({ url }: IncomingMessage) => url === '/_localstack/health';
const scope = ({ headers }: IncomingMessage) =>
  /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');

/** An engine that answers every call, but for those that `except` answers. */
function engine(
  except: (request: IncomingMessage, service: string) => Answer | undefined | null = () => undefined,
  health: unknown = HEALTH,
) {
  serve(machine.port, (request) => {
    if (isHealth(request)) return { body: JSON.stringify(health) };
    const service = scope(request)?.[2] ?? '';
    const own = except(request, service);
    if (own === null) return undefined;
    return own ?? { body: service === 'sts' ? IDENTITY : '{}' };
  });
}

const health = (flags = '', env: Record<string, string> = {}) =>
  machine.run(`health --json --endpoint-url ${machine.endpoint} ${flags}`, env);

test('engine, edition, version, account, region, and each service', async () => {
  const regions = new Set<string>();
  engine((request) => void regions.add(scope(request)![1]!));
  const { code, json } = await health('--region eu-west-1');
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    ...{ healthy: true, engine: 'localstack', edition: 'community', version: '4.14.0' },
    ...{ account: '123456789012', region: 'eu-west-1', clock_skew_ms: 0 },
  });
  expect(json().services.map(({ state }: { state: string }) => state)).toEqual(Array(6).fill('ready'));
  expect([...regions]).toEqual(['eu-west-1']);
});

test('a service that says it is ready and fails is named with its cause', async () => {
  engine((_, service) => (service === 'monitoring' ? { status: 400, body: 'Operation detection failed' } : undefined));
  const { code, json } = await health();
  expect(code).toBe(3);
  const cloudwatch = json().services.find(({ service }: { service: string }) => service === 'cloudwatch');
  expect(cloudwatch).toMatchObject({ state: 'failed', error: expect.stringContaining('Operation detection failed') });
});

test('a service that hangs is named, and does not hang the command', { timeout: 20_000 }, async () => {
  engine((_, service) => (service === 's3' ? null : undefined));
  const { code, json } = await health();
  expect(code).toBe(3);
  const s3 = json().services.find(({ service }: { service: string }) => service === 's3');
  expect(s3).toMatchObject({ state: 'failed', error: expect.stringMatching(/hangs/) });
});

test('--wait returns the moment all are ready, and names what was missing at the deadline', async () => {
  let ready = false;
  const asked = { count: 0 };
  serve(machine.port, (request) => {
    if (!isHealth(request)) return { body: '{}' };
    asked.count++;
    ready = asked.count > 3;
    return {
      body: JSON.stringify({ ...HEALTH, services: { ...HEALTH.services, sqs: ready ? 'running' : 'starting' } }),
    };
  });
  expect((await health('--wait 30')).code).toBe(0);
  asked.count = -1_000;
  const { code, json } = await health('--wait 0.3');
  expect(code).toBe(3);
  expect(json().error).toMatchObject({ code: 'engine_unhealthy', message: expect.stringContaining('sqs (starting)') });
});

test('a service that another engine has is asked for there', async () => {
  engine(() => undefined, { ...HEALTH, services: { ...HEALTH.services, dynamodb: 'error' } });
  const port = await machine.ownPort();
  const asked: string[] = [];
  serve(port, (request) => {
    asked.push(scope(request)?.[2] ?? '');
    return { body: '{}' };
  });
  const env = { AWS_ENDPOINT_URL: machine.endpoint, AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` };
  const { code, json } = await machine.run('health --json --wait 1', env);
  expect(code).toBe(0);
  expect(json().services[2]).toMatchObject({
    service: 'dynamodb',
    state: 'ready',
    reported: `at http://127.0.0.1:${port}`,
  });
  expect(asked).toEqual(['dynamodb']);
});

test('--deep: a service that does not end is given up at its deadline, and its cause is one line', async () => {
  engine((_, service) => (service === 'dynamodb' ? null : { status: 500, body: '<ErrorResponse/>' }));
  const { code, json } = await health('--deep --timeout 1');
  expect(code).toBe(3);
  const { services } = json();
  const of = (name: string) => services.find(({ service }: { service: string }) => service === name);
  expect(of('dynamodb')).toMatchObject({ state: 'failed', error: 'no end within 1 s' });
  for (const each of services) expect(each.error).not.toMatch(/\n|.{170}/);
});

test.each([
  ['boom', 'boom'],
  ['first line\nsecond', 'first line'],
  [
    'exception while calling dynamodb: Traceback (most recent call last):\\n  File "x.py"\\n    raise y\\nOSError: no java\\n',
    'OSError: no java',
  ],
  ['Traceback (most recent call last):\n  File "x.py", line 3\nValueError: 7', 'ValueError: 7'],
  ['x'.repeat(300), `${'x'.repeat(160)}...`],
])('the heart of %j', (text, heart) => expect(causeOf(new Error(text))).toBe(heart));

describe('for CI systems', () => {
  const file = () => `${machine.home}/health.xml`;

  test('JUnit XML, one case a service', async () => {
    engine((_, service) => (service === 'logs' ? { status: 500, body: '<b>"quoted" & \u0001</b>' } : undefined));
    await health(`--junit ${file()}`);
    const xml = machine.read('health.xml');
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuite name="cliffracer health" tests="6" failures="1">/,
    );
    expect(xml).toMatch(
      /name="logs" time="[\d.]+"><failure message="HTTP 500: &lt;b&gt;&quot;quoted&quot; &amp; \\u0001&lt;\/b&gt;"\/>/,
    );
    expect(xml.match(/<testcase /g)).toHaveLength(6);
  });

  test('JUnit XML also where no engine is', async () => {
    expect((await health(`--junit ${file()}`)).code).toBe(3);
    expect(machine.read('health.xml')).toMatch(
      /failures="1">\n {2}<testcase [^>]*name="engine"[^>]*><failure message="no engine/,
    );
  });

  test('a file that cannot be written is an error, not a silence', async () => {
    engine();
    const { code, json } = await health('--junit /no/such/directory/x.xml');
    expect(code).toBe(2);
    expect(json().error).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('/no/such/directory/x.xml'),
    });
  });

  test('what a hostile engine says acts on no terminal: not in annotations, the summary or JUnit', async () => {
    engine((_, service) => (service === 'logs' ? { status: 500, body: 'a\u001b[2J\u0007\u202e\u009bb' } : undefined));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: `${machine.home}/summary.md` };
    const { stderr } = await health(`--junit ${file()}`, env);
    expect(stderr).toContain('::HTTP 500: a\\u001b[2J\\u0007\\u202e\\u009bb\n');
    for (const text of [stderr, machine.read('summary.md'), machine.read('health.xml')]) {
      expect(text).toMatch(/u001b\[2J/);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('annotations and a job summary in GitHub Actions, and stdout stays the result', async () => {
    engine((_, service) => (service === 'logs' ? { status: 500, body: 'two\nlines 100%' } : undefined));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: `${machine.home}/summary.md` };
    const { stderr, json } = await health('', env);
    expect(stderr).toBe('::error title=cliffracer health%3A logs::HTTP 500: two%0Alines 100%25\n');
    expect(json().healthy).toBe(false);
    expect(machine.read('summary.md')).toMatch(
      /### cliffracer health: localstack community 4\.14\.0 is not ready\n[\s\S]*\| logs \| ❌ failed \|/,
    );
  });
});

test.each<[string, string | undefined, boolean]>([
  ['localstack', '4.8.1', true],
  ['localstack', '3.0', true],
  ['localstack', '4.9.0', false],
  ['localstack', '4.10.0', false],
  ['localstack', '2026.3.0', false],
  ['localstack', 'dev', false],
  ['localstack', undefined, false],
  ['ministack', '1.4.21', true],
  ['ministack', '1.5.33', false],
  ['moto', '1.0', false],
])('%s %s has a known fault: %s', (engineKind, version, known) => {
  expect(knownFault(engineKind as 'localstack', version) !== undefined).toBe(known);
});
