import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseEngine } from '../../src/engines/choose.ts';
import { Machine } from './machine.ts';
import { calls, type Scenario, standInDocker } from './stand-in-docker.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const choose = (env: Record<string, string>) => chooseEngine({ HOME: machine.home, PATH: machine.bin, ...env });
// Any socket that exists says that a daemon may run; the stand-in never looks at it.
const RUNS = { DOCKER_HOST: 'tcp://127.0.0.1:2375' };

test.each<[string, Scenario, Record<string, string>, string, RegExp]>([
  ['with the image', { image: 'present' }, RUNS, 'localstack', /has the image/],
  ['with the token', { image: 'absent' }, { ...RUNS, LOCALSTACK_AUTH_TOKEN: 'ls-x' }, 'localstack', /TOKEN is set/],
  ['with neither', { image: 'absent' }, RUNS, 'embedded', /without the image/],
  ['that does not answer', { down: 'Cannot connect to the Docker daemon' }, RUNS, 'embedded', /does not answer/],
])('Docker %s', async (_name, scenario, env, engine, why) => {
  standInDocker(machine, scenario);
  const choice = await choose(env);
  expect(choice).toMatchObject({ engine, why: expect.stringMatching(why) });
  if (engine === 'embedded') expect(choice.advice).toMatch(/cliffracer up --engine localstack/);
});

test('a daemon without a socket is not even asked', async () => {
  standInDocker(machine, {});
  const choice = await choose({ DOCKER_HOST: `unix://${machine.home}/no.sock` });
  expect(choice).toMatchObject({ engine: 'embedded', why: 'Docker does not run' });
  expect(calls(machine)).toEqual([]);
});

test('up says what auto chose, also in JSON', async () => {
  standInDocker(machine, {});
  const { json } = await machine.run(`up --no-provision --json --port ${machine.port}`, RUNS);
  expect(json()).toMatchObject({ engine: 'localstack', reason: expect.stringMatching(/Docker runs/) });
});

test('what only the embedded engine can do decides without a question', async () => {
  standInDocker(machine, {});
  const { json } = await machine.run(`up --no-provision --json --seed 7 --port ${machine.port}`, RUNS);
  expect(json()).toMatchObject({ engine: 'embedded' });
  expect(calls(machine)).toEqual([]);
});
