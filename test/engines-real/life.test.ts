import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reservePort } from '../../scripts/ports.mjs';
import { findExecutable } from '../../src/engines/executables.ts';
import { tryPort } from '../../src/engines/ports.ts';
import { Sandbox } from '../binary/program.ts';

/**
 * Every engine that scripts/ci/engines.sh and scripts/ci/docker-localstack.sh bring: started by `up`, a shop run on it,
 * stopped by `down`. What is not there is skipped by name.
 */
const { CLIFFRACER_TEST_LOCALSTACK_IMAGE: IMAGE, DOCKER_HOST } = process.env;
const DOCKER: Record<string, string> = DOCKER_HOST === undefined ? {} : { DOCKER_HOST };

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
});
afterEach(async () => {
  await sandbox.run('down --all', DOCKER);
  await sandbox.close();
});

const docker = (...args: string[]) =>
  execFileSync('docker', args, { encoding: 'utf8', env: { ...process.env, ...DOCKER } }).trim();

interface Way {
  engine: 'ministack' | 'moto' | 'localstack';
  flags: string;
  /** LocalStack's own DynamoDB is a Java program that it downloads at first use. */
  tablesElsewhere: boolean;
  container: boolean;
  present: boolean;
}

const installed = (command: string) => findExecutable(command, process.env) !== undefined;
const WAYS: readonly [string, Way][] = [
  ['MiniStack from PyPI', way('ministack', installed('ministack'))],
  ['moto from PyPI', way('moto', installed('moto_server'))],
  ['LocalStack from PyPI', { ...way('localstack', installed('localstack-supervisor')), tablesElsewhere: true }],
  [
    'LocalStack in a container',
    { ...way('localstack', IMAGE !== undefined), flags: `--image ${IMAGE}`, tablesElsewhere: true, container: true },
  ],
];

function way(engine: Way['engine'], present: boolean): Way {
  return { engine, flags: '', tablesElsewhere: false, container: false, present };
}

describe.each(WAYS)('%s', (_name, { engine, flags, tablesElsewhere, container, present }) => {
  test.skipIf(!present)('up, a shop, down', async () => {
    // Without a daemon in sight LocalStack's own command is used.
    const env: Record<string, string> = container ? { ...DOCKER } : { DOCKER_HOST: 'unix:///no/such.sock' };
    if (tablesElsewhere) {
      const { port } = await reservePort();
      await sandbox.ready(`up --engine embedded --no-provision --port ${port}`);
      env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    }
    const up = await sandbox.run(`up --engine ${engine} --json ${flags}`, env);
    expect(up).toMatchObject({ code: 0, stderr: '' });
    expect(up.json()).toMatchObject({ action: 'started', engine, endpoint: sandbox.endpoint });
    expect(up.json().stack.created).toBeGreaterThan(20);
    expect((await sandbox.run('up --json', { ...env, CLIFFRACER_ENGINE: 'auto' })).json()).toMatchObject({
      ...{ action: 'adopted', engine, reason: 'it answers already' },
      stack: { created: 0, updated: 0 },
    });

    const health = await sandbox.run('health --json --deep', env);
    expect(health).toMatchObject({ code: 0 });
    expect(health.json()).toMatchObject({ healthy: true, engine, account: expect.stringMatching(/^\d{12}$/) });

    await sandbox.ready('order create --customer ada --item laptop-pro:1 --item keyboard:2', env);
    await sandbox.ready('order create --customer grace --item tablet-air:1 --payment decline', env);
    await sandbox.ready('order create --customer lin --item smartphone-x:150', env);
    const { orders } = (await sandbox.run('order list --json', env)).json();
    expect(orders).toHaveLength(3);
    expect((await sandbox.run('drain --json', env)).code).toBe(0);
    const { receipts } = (await sandbox.run('inspect receipts --json', env)).json();
    expect(receipts).toMatchObject([{ total_amount: '1599.97' }]);
    const settled = (await sandbox.run('order list --json', env)).json().orders;
    expect(settled.map(({ status }: { status: string }) => status).sort()).toEqual([
      'cancelled',
      'fulfilled',
      'rejected',
    ]);
    expect(await sandbox.run('audit', env)).toMatchObject({ code: 0 });
    expect((await sandbox.run('inspect metrics --json', env)).code).toBe(0);
    expect((await sandbox.run('inspect logs --json', env)).stdout).toContain('order_fulfilled');
    expect((await sandbox.run('logs --tail 5', env)).stdout).not.toBe('');
    expect((await sandbox.run('doctor --json', env)).json().checks).toEqual(
      expect.arrayContaining([expect.objectContaining({ check: 'filter policy', status: 'passed' })]),
    );

    const down = (await sandbox.run(`down --json --port ${sandbox.port}`, env)).json();
    expect(down.engines).toMatchObject([{ engine, outcome: 'stopped' }]);
    expect(await tryPort(sandbox.port)).toBeUndefined();
    const files = readdirSync(join(sandbox.home, 'state', 'engines')).filter((name) =>
      name.startsWith(`${sandbox.port}.`),
    );
    expect(files.filter((name) => !name.endsWith('.log'))).toEqual([]);
    if (container) expect(docker('ps', '--all', '--quiet', '--filter', `publish=${sandbox.port}`)).toBe('');
  });
});

describe.skipIf(IMAGE === undefined)('a real container that goes wrong', () => {
  const up = (flags: string, env: Record<string, string> = {}) =>
    sandbox.run(`up --engine localstack --no-provision --json ${flags}`, { ...DOCKER, ...env });
  const ours = () => docker('ps', '--all', '--quiet', '--filter', `name=cliffracer-localstack-${sandbox.port}`);

  /** An image that only says something and ends. */
  function image(name: string, script: string): string {
    const tag = `cliffracer/test-${name}:local`;
    const made = docker('create', IMAGE!);
    docker('commit', '--change', `ENTRYPOINT ["/bin/sh", "-c", ${JSON.stringify(script)}]`, made, tag);
    docker('rm', made);
    return tag;
  }

  test('without a licence: 55 is explained, with the last lines, and nothing is left', async () => {
    const tag = image(
      'licence',
      'echo License activation failed; echo No credentials were found in the environment; exit 55',
    );
    const { code, json } = await up(`--image ${tag}`);
    expect(code).toBe(3);
    expect(json().error).toMatchObject({
      code: 'token_missing',
      details: expect.arrayContaining(['License activation failed']),
    });
    expect(ours()).toBe('');
  });

  test('killed while it runs: health says what became of it', async () => {
    expect((await up(`--image ${IMAGE}`)).code).toBe(0);
    docker('kill', `cliffracer-localstack-${sandbox.port}`);
    const { code, json } = await sandbox.run('health --json', DOCKER);
    expect(code).toBe(3);
    expect(json().error).toMatchObject({ code: 'engine_exited', message: expect.stringContaining('exit code 137') });
    expect((await sandbox.run('down --json', DOCKER)).json().engines).toMatchObject([{ outcome: 'was_gone' }]);
    expect(ours()).toBe('');
  });

  test('the token is not to be seen in the list of processes, nor in what inspect calls the command', async () => {
    const token = 'ls-not-a-real-token-0001';
    expect((await up(`--image ${IMAGE}`, { LOCALSTACK_AUTH_TOKEN: token })).stdout).not.toContain(token);
    const name = `cliffracer-localstack-${sandbox.port}`;
    expect(docker('inspect', '--format', '{{.Config.Env}}', name)).toContain(token);
    expect(docker('inspect', '--format', '{{.Path}} {{.Args}} {{.Config.Labels}}', name)).not.toContain(token);
  });

  test('interrupted on its way: no container is left', async () => {
    const tag = image('slow', 'sleep 600');
    const running = sandbox.start(['up', '--engine', 'localstack', '--image', tag, '--no-provision'], DOCKER);
    while (ours() === '') await new Promise((resolve) => setTimeout(resolve, 100));
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
    expect(ours()).toBe('');
  });

  test('a registry that cannot be reached', async () => {
    const { json } = await up('--image 127.0.0.1:1/no/such:image');
    expect(json().error).toMatchObject({ code: 'image_offline', retryable: true });
  });

  test('a port that another container has', async () => {
    const other = docker(
      'run',
      '--detach',
      '--publish',
      `127.0.0.1:${sandbox.port}:4566`,
      '--entrypoint',
      'sleep',
      IMAGE!,
      '600',
    );
    try {
      const { json } = await up(`--image ${IMAGE}`);
      expect(json().error.code).toMatch(/^port_taken$/);
      expect(ours()).toBe('');
    } finally {
      docker('rm', '--force', other);
    }
  });
});
