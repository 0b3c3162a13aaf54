import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await new Session().provisioned();
});
afterAll(() => session.close());

/** The endpoint that a line would use, as `env` prints it. */
const endpointOf = async (flags: string, env: Record<string, string> = {}) =>
  (await session.run(`env --json ${flags}`, { env })).json();

describe('env', () => {
  const AWKWARD = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4999', AWS_REGION: 'eu-west-1' };

  test('bash: what it prints is what bash then has, and what would get in the way is gone', async () => {
    const { stdout } = await session.run('env --shell bash', { env: AWKWARD });
    const before = { AWS_SESSION_TOKEN: 'real', AWS_PROFILE: 'work', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    const after = execFileSync('bash', ['--norc', '-c', `eval "$1"; env | grep ^AWS_ | sort`, 'bash', stdout], {
      env: { PATH: process.env.PATH ?? '', ...before, AWS_ACCESS_KEY_ID: 'AKIAREAL' },
      encoding: 'utf8',
      // With a socket there, bash takes itself for a remote shell and reads start-up files.
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(after).toBe(
      [
        'AWS_ACCESS_KEY_ID=test',
        'AWS_DEFAULT_REGION=eu-west-1',
        'AWS_ENDPOINT_URL=http://127.0.0.1:4999',
        'AWS_REGION=eu-west-1',
        'AWS_SECRET_ACCESS_KEY=test',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['fish', "set -gx AWS_ENDPOINT_URL 'http://127.0.0.1:4999';\n", 'set -e AWS_SESSION_TOKEN'],
    ['powershell', "$env:AWS_ENDPOINT_URL = 'http://127.0.0.1:4999'\n", 'Remove-Item Env:AWS_SESSION_TOKEN'],
  ])('%s', async (shell, line, dropped) => {
    const { code, stdout, stderr } = await session.run(`env --shell ${shell}`, { env: AWKWARD });
    const note = 'No engine answers at http://127.0.0.1:4999 yet. Start it: cliffracer up\n';
    expect({ code, stderr }).toEqual({ code: 0, stderr: note });
    expect(stdout).toContain(line);
    expect(stdout).toContain(dropped);
    expect(stdout).not.toContain('export ');
  });

  test.each([
    ['/usr/bin/fish', 'set -gx'],
    ['/bin/zsh', 'export AWS_REGION'],
    ['', 'export AWS_REGION'],
  ])('without --shell the syntax is that of SHELL %s', async (path, text) => {
    expect((await session.run('env', { env: { SHELL: path } })).stdout).toContain(text);
  });
});

describe('endpoint', () => {
  test.each([
    ['127.0.0.1:4566', 2, 'does not start with http:// or https://'],
    ['localhost', 2, 'does not start with http:// or https://'],
    ['http://', 2, 'is not a URL'],
    ['ftp://127.0.0.1:4566', 2, 'does not start with http:// or https://'],
    ['http://127.0.0.1:99999', 2, 'is not a URL'],
    ['http://127.0.0.1:4566/path', 2, 'must end after the port'],
    ['http://127.0.0.1:4566/?x=1', 2, 'must end after the port'],
    ['http://user:secret@127.0.0.1:4566', 2, 'must not hold credentials'],
    ['https://sqs.us-east-1.amazonaws.com', 5, 'is AWS itself'],
    ['https://amazonaws.com', 5, 'is AWS itself'],
    ['https://sqs.cn-north-1.AMAZONAWS.com.cn', 5, 'is AWS itself'],
    ['https://sqs.us-east-1.api.aws', 5, 'is AWS itself'],
    ['https://sqs.us-east-1.amazonaws.com.', 5, 'is AWS itself'],
  ])('%s is refused, by flag and by variable', async (url, code, why) => {
    for (const [flags, env, origin] of [
      [`--endpoint-url ${url}`, {}, '--endpoint-url'],
      ['', { AWS_ENDPOINT_URL: url }, 'AWS_ENDPOINT_URL'],
    ] as const) {
      const outcome = await session.run(`order list ${flags}`, { env });
      expect(outcome).toMatchObject({ code, stdout: '' });
      expect(outcome.stderr).toContain(origin);
      expect(outcome.stderr).toContain(why);
      expect(outcome.stderr).not.toContain('secret');
    }
  });

  test.each([
    ['http://127.0.0.1:4999', 'http://127.0.0.1:4999'],
    ['http://127.0.0.1:4999/', 'http://127.0.0.1:4999'],
    ['HTTP://LOCALHOST:4999', 'http://localhost:4999'],
    ['http://[::1]:4999', 'http://[::1]:4999'],
    ['https://engine.example:443', 'https://engine.example'],
    ['http://notamazonaws.com', 'http://notamazonaws.com'],
  ])('%s is taken as %s', async (given, taken) => {
    expect((await endpointOf(`--endpoint-url ${given}`)).endpoint).toBe(taken);
    expect((await endpointOf('', { AWS_ENDPOINT_URL: given })).endpoint).toBe(taken);
  });

  test('the flag wins over the variable, which wins over the engine that up started', async () => {
    const record = {
      engine: 'embedded',
      instance: crypto.randomUUID(),
      pid: 1,
      port: 4555,
      startedAt: 1,
      version: '0',
      logFile: '/l',
    };
    const directory = join(session.home, 'elsewhere', 'engines');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, '4555.json'), JSON.stringify({ ...record, endpoint: 'http://127.0.0.1:4555' }));
    const home = { CLIFFRACER_HOME: join(session.home, 'elsewhere') };
    const flag = '--endpoint-url http://127.0.0.1:4777';
    const variable = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4666' };
    expect((await endpointOf(flag, { ...home, ...variable })).endpoint).toBe('http://127.0.0.1:4777');
    expect((await endpointOf('', { ...home, ...variable })).endpoint).toBe('http://127.0.0.1:4666');
    expect((await endpointOf('', { ...home, AWS_ENDPOINT_URL: '' })).endpoint).toBe('http://127.0.0.1:4555');
  });

  test('an empty variable is none: never AWS, but the usual port', async () => {
    expect((await endpointOf('', { AWS_ENDPOINT_URL: '' })).endpoint).toBe('http://127.0.0.1:4566');
  });

  test("the SDK's own switches do not move calls away from the endpoint", async () => {
    const env = {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_PROFILE: 'nobody',
    };
    expect(await session.run('order list', { env })).toMatchObject({ code: 0, stdout: 'No orders.\n' });
  });

  test('the variable of one service moves that service, and the flag moves it back', async () => {
    const env = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' };
    const moved = await session.run('order list', { env });
    expect(moved).toMatchObject({ code: 3, stderr: expect.stringContaining('http://127.0.0.1:9') });
    const flag = `--endpoint-url ${session.endpoint}`;
    expect(await session.run(`order list ${flag}`, { env })).toMatchObject({ code: 0, stdout: 'No orders.\n' });
  });

  test('something that is no engine is told as such', async () => {
    const outcome = await session.run('health --json', { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } });
    expect(outcome.code).toBe(3);
    expect(outcome.json().error).toMatchObject({ code: 'engine_unreachable', retryable: true });
  });
});

describe('region', () => {
  test.each([
    ['', {}, 'us-east-1'],
    ['', { AWS_DEFAULT_REGION: 'eu-central-1' }, 'eu-central-1'],
    ['', { AWS_DEFAULT_REGION: 'eu-central-1', AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
    ['--region ap-southeast-2', { AWS_REGION: 'eu-west-1' }, 'ap-southeast-2'],
    ['--region us-gov-west-1', {}, 'us-gov-west-1'],
    ['', { AWS_REGION: '' }, 'us-east-1'],
  ])('%s %j: %s', async (flags, env, region) => {
    expect((await endpointOf(flags, env as Record<string, string>)).region).toBe(region);
  });

  test.each(['europe', 'eu-west', 'EU-WEST-1', 'eu-west-1a', '../eu-west-1'])('%s is refused', async (region) => {
    for (const line of ['order list', 'env', 'provision', 'health']) {
      const outcome = await session.run(`${line} --region ${region}`);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain(`--region "${region}" is not an AWS region`);
    }
  });

  test('regions are separate worlds on one engine', async () => {
    const elsewhere = await session.run('order list --region eu-west-1');
    expect(elsewhere.code).toBe(4);
    expect((await session.run('provision --region eu-west-1')).code).toBe(0);
    await session.run('order create --customer ada --item keyboard:1 --region eu-west-1');
    expect((await session.run('order list --region eu-west-1 --json')).json().orders).toHaveLength(1);
    expect((await session.run('order list --json')).json().orders).toHaveLength(0);
  });
});

describe('colour', () => {
  const SGR = '\u001b[';
  test.each([
    ['a pipe', {}, '', undefined, false],
    ['a terminal', {}, '', 100, true],
    ['NO_COLOR in a terminal', { NO_COLOR: '1' }, '', 100, false],
    ['an empty NO_COLOR in a terminal', { NO_COLOR: '' }, '', 100, true],
    ['--no-color in a terminal', {}, '--no-color', 100, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, '', undefined, true],
    ['FORCE_COLOR=0 in a terminal', { FORCE_COLOR: '0' }, '', 100, false],
    ['FORCE_COLOR over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, '', undefined, true],
    ['--no-color over FORCE_COLOR', { FORCE_COLOR: '3' }, '--no-color', 100, false],
    ['a dumb terminal', { TERM: 'dumb' }, '', 100, false],
  ] as const)('%s', async (_name, env, flags, terminal, coloured) => {
    const options = { env, terminal };
    const result = await session.run(`inspect queues ${flags}`, options);
    expect(result.code).toBe(0);
    expect(result.stdout.includes(SGR)).toBe(coloured);
    const failure = await session.run(`order show ord_nothing ${flags}`, options);
    expect(failure.code).toBe(1);
    expect(failure.stderr.includes(SGR)).toBe(coloured);
    const usage = await session.run(`order list --limt 1 ${flags}`, options);
    expect(usage.code).toBe(2);
    expect(usage.stderr.includes(SGR)).toBe(coloured);
  });

  test.each(['ps', 'config show', 'trace ORDER'])('%s: colour changes no cell of a table', async (line) => {
    const own = await new Session().provisioned();
    const { order } = (await own.run('order create --customer ada --item keyboard:1 --json')).json();
    const run = (env: Record<string, string>) => own.run(line.replace('ORDER', order.order_id), { terminal: 200, env });
    const coloured = (await run({ FORCE_COLOR: '3' })).stdout;
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe((await run({ NO_COLOR: '1' })).stdout);
    await own.close();
  });

  test('--json is never coloured', async () => {
    const { stdout } = await session.run('inspect queues --json', { terminal: 100, env: { FORCE_COLOR: '3' } });
    expect(stdout).not.toContain(SGR);
  });
});
