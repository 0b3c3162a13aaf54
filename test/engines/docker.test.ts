import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Machine } from './machine.ts';
import { calls, containers, type Scenario, standInDocker } from './stand-in-docker.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const up = (flags = '', env: Record<string, string> = {}) =>
  machine.run(`up --engine localstack --no-provision --port ${machine.port} --json ${flags}`, env);

test('a container of ours: loopback, label, name, the pinned image, and none of it left after down', async () => {
  standInDocker(machine, {});
  const { code, json } = await up();
  expect(code).toBe(0);
  const name = `cliffracer-localstack-${machine.port}`;
  expect(json()).toMatchObject({
    ...{ action: 'started', engine: 'localstack', version: '4.14.0', container: name },
    ...{ image: 'localstack/localstack:4.14.0', endpoint: machine.endpoint },
  });
  const run = calls(machine).find(({ args }) => args[0] === 'run')!.args;
  expect(run).toEqual(expect.arrayContaining(['--detach', '--name', name, `127.0.0.1:${machine.port}:4566`]));
  expect(run.join(' ')).toMatch(/--label cliffracer\.instance=[0-9a-f-]{36}/);
  expect(run.at(-1)).toBe('localstack/localstack:4.14.0');
  expect(run.join(' ')).not.toMatch(/docker\.sock|4510/);
  expect((await machine.run('ps --json')).json().engines).toMatchObject([
    { state: 'running', container: name, ours: true },
  ]);
  expect((await up()).json()).toMatchObject({ action: 'adopted', container: name });
  const down = await machine.run('down --json');
  expect(down.json().engines).toMatchObject([{ engine: 'localstack', container: name, outcome: 'stopped' }]);
  expect(containers(machine)).toEqual({});
});

test('the token goes through the environment: not in the arguments, not in any output', async () => {
  const token = 'ls-secret-token-0123456789';
  const log = `starting\nyour token ${token} was refused\nLicense activation failed`;
  standInDocker(machine, { run: { exit: 55, log } });
  const result = await up('--image localstack/localstack:latest', { LOCALSTACK_AUTH_TOKEN: token });
  expect(result.json().error).toMatchObject({ code: 'token_rejected' });
  expect(`${result.stdout}${result.stderr}`).not.toContain(token);
  const run = calls(machine).find(({ args }) => args[0] === 'run')!;
  expect(run.token).toBe(token);
  expect(run.args).toContain('LOCALSTACK_AUTH_TOKEN');
  expect(JSON.stringify(calls(machine).map(({ args }) => args))).not.toContain(token);
});

test('an image that is not here is pulled first', async () => {
  standInDocker(machine, { image: 'absent' });
  expect((await up()).code).toBe(0);
  expect(calls(machine).map(({ args }) => args[0])).toContain('pull');
  await machine.run('down');
  const { stderr } = await machine.run(`up --engine localstack --no-provision --port ${machine.port}`);
  expect(stderr).toContain('Pulling localstack/localstack:4.14.0\n');
});

describe('a container that ends by itself', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);

  test('is told at once, with its code and its last 20 lines, and removed', async () => {
    standInDocker(machine, { run: { exit: 3, log: lines.join('\n') } });
    const { code, json } = await up();
    expect(code).toBe(3);
    const { error } = json();
    expect(error.code).toBe('engine_exited');
    expect(error.message).toContain('exit code 3');
    expect(error.details).toEqual(lines.slice(-20));
    expect(containers(machine)).toEqual({});
    expect((await machine.run('ps --json')).json().engines).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ['no token', '', 'No credentials were found in the environment.', /token_missing/],
    ['an expired one', 'ls-token', 'License activation failed: your license has expired', /token_expired/],
    ['a wrong one', 'ls-token', 'License activation failed: invalid credentials', /token_rejected/],
    ['one that is not taken', 'ls-token', 'No credentials were found in the environment.', /token_rejected/],
  ])('55 with %s explains the token and the alternatives', async (_name, token, log, code) => {
    standInDocker(machine, { run: { exit: 55, log } });
    const { error } = (await up('', { LOCALSTACK_AUTH_TOKEN: token })).json();
    expect(error.code).toMatch(code);
    expect(error.hint).toMatch(/4\.14\.0.*--engine embedded/);
  });

  test('55 with the older key alone names both variables', async () => {
    standInDocker(machine, { run: { exit: 55, log: 'No credentials were found in the environment.' } });
    const { error } = (await up('', { LOCALSTACK_API_KEY: 'old-key-0123456789' })).json();
    expect(error).toMatchObject({
      code: 'token_rejected',
      message: expect.stringContaining('LOCALSTACK_API_KEY was not accepted, and LOCALSTACK_AUTH_TOKEN is not set'),
      hint: expect.stringMatching(/^set LOCALSTACK_AUTH_TOKEN, which took its place/),
    });
  });

  test('right after its first answer is told by up, and nothing is left', async () => {
    standInDocker(machine, { run: { dies: 55, log: 'License activation failed' } });
    const { code, json } = await up('', { LOCALSTACK_AUTH_TOKEN: 'ls-token' });
    expect({ code, error: json().error.code }).toEqual({ code: 3, error: 'token_rejected' });
    expect(containers(machine)).toEqual({});
    expect((await machine.run('ps --json')).json().engines).toEqual([]);
  });

  test('later is told by health, with the reason', async () => {
    standInDocker(machine, { run: { log: 'killed' } });
    await up();
    const [name, { pid }] = Object.entries(containers(machine))[0] as unknown as [string, { pid: number }];
    process.kill(pid, 'SIGKILL');
    machine.file(
      'containers.json',
      JSON.stringify({ [name]: { ...containers(machine)[name], status: 'exited', code: 137 } }),
    );
    const { code, json } = await machine.run('health --json');
    expect(code).toBe(3);
    expect(json().error).toMatchObject({
      code: 'engine_exited',
      message: expect.stringContaining('137'),
      details: ['killed'],
    });
  });
});

const CANNOT_CONNECT =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
describe('a name that is taken', () => {
  const present = (instance: string, status: string): Scenario => ({
    present: { name: `cliffracer-localstack-${machine.port}`, instance, status },
  });

  test('by a stranger is left alone', async () => {
    standInDocker(machine, present('', 'exited'));
    expect((await up()).json().error).toMatchObject({ code: 'name_taken', hint: expect.stringContaining('rename') });
    expect(calls(machine).map(({ args }) => args[0])).not.toContain('rm');
  });

  test('by what a killed run of ours left is taken over', async () => {
    standInDocker(machine, present('an-older-run', 'exited'));
    expect((await up()).code).toBe(0);
  });
});

test('down leaves a container alone that is not the one of the record', async () => {
  standInDocker(machine, {});
  await up();
  const [name, state] = Object.entries(containers(machine))[0]!;
  machine.file('containers.json', JSON.stringify({ [name]: { ...state, instance: 'somebody-else' } }));
  expect((await machine.run('down --json')).json().engines).toMatchObject([{ outcome: 'not_ours' }]);
  expect(Object.keys(containers(machine))).toEqual([name]);
  process.kill((state as unknown as { pid: number }).pid, 'SIGKILL');
});

test('down keeps the record of a container while Docker cannot be asked', async () => {
  standInDocker(machine, {});
  await up();
  const scenario = machine.read('scenario.json');
  machine.file('scenario.json', JSON.stringify({ down: CANNOT_CONNECT }));
  expect((await machine.run('down --json')).json().error).toMatchObject({ code: 'docker_stopped' });
  machine.file('scenario.json', scenario);
  expect((await machine.run('down --json')).json().engines).toMatchObject([{ outcome: 'stopped' }]);
});

test('an interrupted start leaves nothing behind', async () => {
  standInDocker(machine, { health: { ...{ edition: 'community', version: '4.14.0' }, services: { sqs: 'starting' } } });
  const interrupt = new AbortController();
  const running = machine.run(`up --engine localstack --port ${machine.port} --json`, {}, interrupt.signal);
  const started = async () => {
    while (Object.values(containers(machine))[0]?.status !== 'running') await new Promise((r) => setTimeout(r, 20));
  };
  await started();
  interrupt.abort();
  expect((await running).code).toBe(130);
  expect(containers(machine)).toEqual({});
});

test.each<[string, unknown, string]>([
  ['too old for the SDK', { version: '4.8.1', edition: 'community' }, 'engine_outdated'],
  ['with services switched off', { services: { sqs: 'running', sns: 'disabled', s3: 'disabled' } }, 'engine_unhealthy'],
])('an image %s is refused, and its container removed', async (_name, change, code) => {
  const { HEALTH } = await import('./machine.ts');
  standInDocker(machine, { health: { ...HEALTH, ...(change as object) } });
  const { error } = (await up('--wait 4')).json();
  expect(error.code).toBe(code);
  expect(containers(machine)).toEqual({});
});

test('all that is missing switched off ends the wait at once', async () => {
  const { HEALTH } = await import('./machine.ts');
  standInDocker(machine, { health: { ...HEALTH, services: { ...HEALTH.services, sns: 'disabled', s3: 'disabled' } } });
  // A wait to the end would outlast the test.
  const { error } = (await up('--wait 6000')).json();
  expect(error).toMatchObject({
    code: 'services_disabled',
    message: expect.stringContaining('sns (disabled), s3 (disabled)'),
  });
});

test('another engine at the port is named', async () => {
  const health = JSON.stringify({ services: { sqs: 'available' }, original_edition: 'floci-always-free' });
  const server = createServer((_, response) => response.end(health)).listen(machine.port, '127.0.0.1');
  machine.cleanup(() => server.close());
  standInDocker(machine, {});
  expect((await up()).json().error).toMatchObject({
    code: 'port_taken_by_engine',
    message: expect.stringContaining('Floci'),
  });
});

test('podman does as well where there is no docker', async () => {
  standInDocker(machine, {}, 'podman');
  expect((await up()).code).toBe(0);
  expect((await machine.run('down --json')).json().engines).toMatchObject([{ outcome: 'stopped' }]);
});
