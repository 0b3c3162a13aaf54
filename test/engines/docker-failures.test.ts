import { afterEach, beforeEach, expect, test } from 'vitest';
import { Machine } from './machine.ts';
import { containers, type Scenario, standInDocker } from './stand-in-docker.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const up = (flags = '', env: Record<string, string> = {}) =>
  machine.run(`up --engine localstack --no-provision --port ${machine.port} --json ${flags}`, env);

const CANNOT_CONNECT =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
const DENIED =
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/info": dial unix /var/run/docker.sock: connect: permission denied';
const daemon = (text: string) => `docker: Error response from daemon: ${text}`;

test.each<[string, Scenario, string, RegExp]>([
  ['stopped', { down: CANNOT_CONNECT }, 'docker_stopped', /systemctl start docker/],
  ['forbidden', { down: DENIED }, 'docker_forbidden', /usermod -aG docker/],
  [
    'too old',
    { down: 'Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41' },
    'docker_outdated',
    /DOCKER_API_VERSION/,
  ],
  [
    'of a context that is gone',
    {
      down: 'Failed to initialize: unable to resolve docker endpoint: context "x": context not found: open /x/meta.json: no such file or directory',
    },
    'docker_context',
    /context use default/,
  ],
  [
    'without the image',
    {
      image: 'absent',
      pull: {
        stderr:
          'Error response from daemon: manifest for localstack/localstack:9 not found: manifest unknown: manifest unknown',
      },
    },
    'image_not_found',
    /--image/,
  ],
  [
    'without access to it',
    {
      image: 'absent',
      pull: {
        stderr:
          "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      },
    },
    'image_denied',
    /docker login/,
  ],
  [
    'rate-limited',
    {
      image: 'absent',
      pull: { stderr: 'Error response from daemon: toomanyrequests: You have reached your pull rate limit.' },
    },
    'image_rate_limited',
    /docker login/,
  ],
  [
    'of another processor',
    { image: 'absent', pull: { stderr: 'no matching manifest for linux/arm64/v8 in the manifest list entries' } },
    'image_architecture',
    /--engine embedded/,
  ],
  [
    'offline',
    {
      image: 'absent',
      pull: {
        stderr:
          'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      },
    },
    'image_offline',
    /network/,
  ],
  [
    'behind a proxy',
    {
      image: 'absent',
      pull: {
        stderr:
          'Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused',
      },
    },
    'image_proxy',
    /proxy/,
  ],
  [
    'with a full disk',
    { image: 'absent', pull: { stderr: 'failed to register layer: write /x: no space left on device' } },
    'disk_full',
    /prune/,
  ],
  [
    'whose port is taken',
    {
      run: {
        stderr: daemon(
          'driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:4566 failed: port is already allocated.',
        ),
      },
    },
    'port_taken',
    /--port/,
  ],
  [
    'whose port is taken, on a desktop',
    {
      run: {
        stderr: daemon(
          'Ports are not available: exposing port TCP 127.0.0.1:4566 -> 0.0.0.0:0: listen tcp 127.0.0.1:4566: bind: address already in use.',
        ),
      },
    },
    'port_taken',
    /--port/,
  ],
  [
    'that says something new',
    { run: { stderr: daemon('the moon is in the wrong phase') } },
    'docker_failed',
    /docker info/,
  ],
])('Docker %s', async (_name, scenario, code, hint) => {
  standInDocker(machine, scenario);
  const result = await up();
  expect(result.code).toBe(3);
  expect(result.json().error).toMatchObject({ code, hint: expect.stringMatching(hint) });
  expect(result.json().error.message).not.toContain('\n');
  expect(containers(machine)).toEqual({});
  expect((await machine.run('ps --json')).json().engines).toEqual([]);
});

test('Docker absent', async () => {
  expect((await up()).json().error).toMatchObject({
    code: 'engine_missing',
    hint: expect.stringContaining('install Docker'),
  });
  expect((await up('--image x/y:1')).json().error).toMatchObject({ code: 'docker_missing' });
});

test('a daemon on another machine is refused: its loopback is not ours', async () => {
  standInDocker(machine, {});
  const result = await up('', { DOCKER_HOST: 'ssh://me:secret@far.example' });
  expect(result.json().error).toMatchObject({ code: 'docker_remote' });
  expect(result.stdout).not.toContain('secret');
});
