import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEndpoint, recordOf } from '../../src/engines/endpoint.ts';
import { writeRecord } from '../../src/engines/home.ts';
import { serviceEndpoints } from '../../src/engines/service-endpoints.ts';
import { Machine } from './machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
  // Settings are shown, and nothing is called.
  machine.env = {};
});
afterEach(() => machine.close());

const FILE = 'cliffracer.config.json';

async function settings(env: Record<string, string> = {}, flags = '') {
  const { settings: rows } = (await machine.run(`config show --json ${flags}`, env)).json();
  return new Map<string, { value: string; origin: string }>(rows.map((row: { name: string }) => [row.name, row]));
}

test('nobody said anything', async () => {
  const rows = await settings();
  expect(rows.get('engine')).toMatchObject({ value: 'auto', origin: 'default' });
  expect(rows.get('endpoint_url')).toMatchObject({ value: 'http://127.0.0.1:4566', origin: 'default' });
  expect(rows.get('stack')).toMatchObject({ value: 'default', origin: 'default' });
});

test('flag before variable before project file before default, each named with its line', async () => {
  machine.file(
    `work/${FILE}`,
    '{\n  "$schema": "x",\n  "engine": "moto",\n  "port": 4611,\n  "stack": "team-a",\n  "region": "eu-west-1",\n  "wait": 5\n}\n',
  );
  const rows = await settings({ CLIFFRACER_ENGINE: 'ministack' }, '--stack team-b');
  expect(rows.get('engine')).toMatchObject({ value: 'ministack', origin: 'CLIFFRACER_ENGINE' });
  expect(rows.get('port')).toMatchObject({ value: '4611', origin: `${FILE}:4` });
  expect(rows.get('endpoint_url')).toMatchObject({ value: 'http://127.0.0.1:4611', origin: `${FILE}:4` });
  expect(rows.get('region')).toMatchObject({ value: 'eu-west-1', origin: `${FILE}:6` });
  expect(rows.get('stack')).toMatchObject({ value: 'team-b', origin: '--stack' });
  expect((await settings()).get('stack')).toMatchObject({ value: 'team-a', origin: `${FILE}:5` });
  const elsewhere = await settings({ AWS_REGION: 'eu-north-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  expect(elsewhere.get('region')).toMatchObject({ value: 'eu-north-1', origin: 'AWS_REGION' });
  expect(elsewhere.get('endpoint_url')).toMatchObject({ value: 'http://127.0.0.1:9', origin: 'AWS_ENDPOINT_URL' });
});

test('for AWS: profile, account and region, with where each came from, and nothing about engines', async () => {
  machine.file('.aws/config', '[profile dev]\nregion = eu-west-3\n');
  const env = { AWS_CONFIG_FILE: `${machine.home}/.aws/config`, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const named = await settings({ ...env, AWS_PROFILE: 'dev' }, '--target aws --account 123456789012');
  expect(named.get('target')).toMatchObject({ value: 'aws', origin: '--target' });
  expect(named.get('profile')).toMatchObject({ value: 'dev', origin: 'AWS_PROFILE' });
  expect(named.get('account')).toMatchObject({ value: '123456789012', origin: '--account' });
  expect(named.get('region')).toMatchObject({ value: 'eu-west-3', origin: 'the region of profile dev' });
  expect([...named.keys()]).toEqual(['target', 'profile', 'account', 'region', 'stack', 'home']);
  const bare = await settings({ ...env, CLIFFRACER_TARGET: 'aws' }, '--region eu-west-1');
  expect(bare.get('profile')).toMatchObject({ origin: 'default' });
  expect(bare.get('region')).toMatchObject({ value: 'eu-west-1', origin: '--region' });
  const { code, json } = await machine.run('config show --json --target aws --profile nobody', env);
  expect({ code, error: json().error.code }).toEqual({ code: 2, error: 'unknown_profile' });
});

test('the nearest file up to the root of the repository counts', async () => {
  machine.file(FILE, '{ "stack": "above" }');
  expect((await settings()).get('stack')).toMatchObject({ value: 'above' });
  machine.file('work/.git/HEAD', '');
  expect((await settings()).get('stack')).toMatchObject({ value: 'default' });
});

test.each<[string, string, RegExp]>([
  ['not JSON', '{\n  "port": 4566,\n  engine: "moto"\n}', /:3: this is no JSON/],
  ['a comma too many', '{\n  "port": 4566,\n}', /:3: expected the name of a setting/],
  ['a comma too few', '{\n  "port": 4566\n  "stack": "a"\n}', /:3: expected ","/],
  ['no object', '[]', /:1: expected "\{"/],
  ['an empty file', '', /:1: the file ends/],
  ['cut off', '{\n "port": 4566', /:2: the file ends/],
  ['more after the end', '{}\n{}', /:2: nothing may follow/],
  ['an unknown setting', '{\n\n  "prot": 1\n}', /:3: there is no setting "prot"; there are engine, image/],
  ['a key that every object has', '{ "__proto__": "x" }', /:1: there is no setting "__proto__"/],
  ['a setting twice', '{\n "stack": "a",\n "stack": "b"\n}', /:3: stack is set twice/],
  ['an unknown engine', '{\n "engine": "loaclstack"\n}', /:2: engine must be one of auto, embedded/],
  ['a port that is text', '{ "port": "4566" }', /:1: port must be a whole number from 1 to 65535, not "4566"/],
  ['a port that is none', '{ "port": 70000 }', /:1: port must be/],
  ['a value that is a list', '{ "stack": ["a"] }', /:1: stack must be a name/],
  ['a stack with capitals', '{ "stack": "Team" }', /:1: stack must be a name/],
  ['an image that is an option', '{ "image": "--privileged" }', /:1: image must be/],
  ['two places', '{\n "endpoint_url": "http://127.0.0.1:1",\n "port": 1\n}', /:3: port and endpoint_url/],
])('a project file with %s is refused with file and line', async (_name, text, message) => {
  machine.file(`work/${FILE}`, text);
  const { code, json } = await machine.run('config show --json');
  expect(code).toBe(2);
  expect(json().error).toMatchObject({ code: 'invalid_config' });
  expect(json().error.message).toMatch(message);
  expect(json().error.message.startsWith(FILE)).toBe(true);
});

test('a variable with a wrong value is named', async () => {
  const { code, json } = await machine.run('up --json', { CLIFFRACER_ENGINE: 'localstak' });
  expect(code).toBe(2);
  expect(json().error.message).toMatch(/CLIFFRACER_ENGINE "localstak" is not one of auto/);
});

describe('endpoints', () => {
  test.each<[string, string, string, string]>([
    ['127.0.0.1:4566', 'endpoint_scheme', 'does not start', 'say http://127.0.0.1:4566'],
    ['ftp://x', 'endpoint_scheme', 'does not start', 'http://127.0.0.1:4566'],
    ['http://', 'endpoint_malformed', 'is not a URL', 'http://127.0.0.1:4566'],
    ['http://127.0.0.1:4566/path', 'endpoint_path', 'end after the port', 'say http://127.0.0.1:4566'],
    ['http://me:secret@127.0.0.1:4566', 'endpoint_credentials', 'credentials', 'say http://127.0.0.1:4566'],
    ['https://sqs.eu-west-1.amazonaws.com', 'refused', 'AWS itself', '--target aws'],
  ])('%s', (text, code, message, hint) => {
    const refusal = (() => {
      try {
        return parseEndpoint(text, '--endpoint-url');
      } catch (error) {
        return error as { code: string; message: string; hint: string };
      }
    })();
    expect(refusal).toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(JSON.stringify(refusal)).not.toContain('secret');
  });

  // The AWS SDK's own list of partitions, isolated ones included (@aws-sdk/core, util-endpoints/lib/aws/partitions).
  test('hosts of every partition that the SDK knows are AWS itself', () => {
    const text = readFileSync(createRequire(import.meta.url).resolve('@aws-sdk/core/client'), 'utf8');
    const domains = [...text.matchAll(/"?(?:dnsSuffix|dualStackDnsSuffix)"?: ?"([^"]+)"/g)].map((match) => match[1]!);
    expect(new Set(domains).size).toBeGreaterThanOrEqual(14);
    for (const domain of new Set(domains)) {
      for (const host of [`sqs.us-iso-east-1.${domain}`, `SQS.${domain.toUpperCase()}.`]) {
        expect(() => parseEndpoint(`https://${host}`, '--endpoint-url'), host).toThrow(/is AWS itself/);
      }
      expect(parseEndpoint(`https://not${domain}`, '--endpoint-url')).toBe(`https://not${domain}`);
    }
  });

  test('a service may be had elsewhere, but not from AWS, and not past --endpoint-url', () => {
    const env = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000', AWS_ENDPOINT_URL_S3: '' };
    expect(serviceEndpoints(undefined, env)).toEqual({ dynamodb: 'http://127.0.0.1:8000' });
    expect(serviceEndpoints('http://127.0.0.1:1', env)).toEqual({});
    const aws = { AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com' };
    expect(() => serviceEndpoints(undefined, aws)).toThrow(/AWS_ENDPOINT_URL_S3 .* is AWS itself/);
  });

  test('AWS_ENDPOINT_URL that is empty counts as not set', async () => {
    expect((await settings({ AWS_ENDPOINT_URL: '' })).get('endpoint_url')).toMatchObject({ origin: 'default' });
  });
});

test('a state directory that cannot be read holds no engines', async () => {
  machine.file('state/engines', 'a file where the directory should be');
  expect(await machine.run('down')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing/) });
});

test('an address is known for the engine that up started there, and for no other', async () => {
  const endpoint = 'http://127.0.0.1:4571';
  const instance = '4994d586-997a-45de-a6a7-05cf977e8a64';
  await writeRecord(machine.home, {
    ...{ engine: 'embedded', instance, port: 4571, startedAt: 1, version: '1', pid: 1, endpoint },
  });
  expect(await recordOf(machine.home, endpoint)).toMatchObject({ engine: 'embedded', version: '1' });
  for (const other of [
    'http://127.0.0.1:4572',
    'https://127.0.0.1:4571',
    'http://elsewhere:4571',
    'http://elsewhere',
  ]) {
    expect(await recordOf(machine.home, other)).toBeUndefined();
  }
});
