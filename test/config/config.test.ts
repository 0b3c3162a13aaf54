import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defineConfig } from '../../src/config/define.ts';
import { MEMBERS, type Schema } from '../../src/config/schema.ts';
import { ENGINE_CHOICES } from '../../src/engines/kinds.ts';
import { readProjectFile, stripsTypes } from '../../src/engines/project-file.ts';
import { SETTINGS } from '../../src/engines/settings-schema.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cliffracer-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const loader = (module: object | Error, nodeVersion = '24.1.0') => ({
  nodeVersion,
  importModule: async () => {
    if (module instanceof Error) throw module;
    return module;
  },
});
const read = (name: string, text: string, load = loader({})) => {
  writeFileSync(join(folder, name), text);
  return readProjectFile(folder, load);
};
const refusal = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { code: string; message: string; hint: string }) => error,
  );

const CONFIG = defineConfig({
  stack: 'team-a',
  port: 4611,
  topology: 'shop',
  consumers: {
    poller: { command: ['python', 'worker.py'], env: { LOG: 'debug' } },
    orders: {
      ...{ handler: 'src/orders.handler', queue: 'order-queue.fifo', runtime: 'nodejs', directory: 'orders' },
      ...{ batchSize: 5, batchWindow: 0, reportBatchItemFailures: true, maximumConcurrency: 2, timeout: 30 },
      filterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }, { Pattern: { body: ['y'] } }] },
    },
  },
  scenario: { messages: [{ queue: 'order-queue', body: { id: 1 }, attributes: { kind: 'a' }, delay: 1 }] },
  invariants: './invariants.mjs',
  correlate: ['order.id', 'id'],
});

describe('a configuration', () => {
  test('in JSON and as a module is the same', async () => {
    const json = await read('cliffracer.config.json', JSON.stringify(CONFIG));
    expect(json?.members.consumers?.poller).toMatchObject({ command: ['python', 'worker.py'] });
    expect(json?.members.correlate).toEqual(['order.id', 'id']);
    expect(json?.values.get('port')).toEqual({ value: '4611', line: 1 });
    rmSync(join(folder, 'cliffracer.config.json'));
    for (const name of ['cliffracer.config.mjs', 'cliffracer.config.js', 'cliffracer.config.ts']) {
      const module = await read(name, '', loader({ default: CONFIG }));
      expect(JSON.stringify(module?.members)).toBe(JSON.stringify(json?.members));
      expect(module?.values.get('port')).toEqual({ value: '4611', line: undefined });
      rmSync(join(folder, name));
    }
  });

  test.each<[string, unknown, RegExp]>([
    ['no object of consumers', { consumers: [] }, /:3: consumers must be an object of consumers by name, not \[\]/],
    [
      'a consumer of no kind',
      { consumers: { a: {} } },
      /consumers\.a must be an object with a command, which receives by itself, or with a handler/,
    ],
    [
      'a command that is a text',
      { consumers: { a: { command: 'x' } } },
      /consumers\.a\.command must be a list of a program/,
    ],
    ['an empty command', { consumers: { a: { command: [] } } }, /consumers\.a\.command must be a list of a program/],
    [
      'an argument that is a number',
      { consumers: { a: { command: ['x', 1] } } },
      /consumers\.a\.command\[1\] must be a text, not 1/,
    ],
    ['a handler without a queue', { consumers: { a: { handler: 'a.b' } } }, /consumers\.a lacks the member queue/],
    [
      'a command with a queue',
      { consumers: { a: { command: ['x'], queue: 'q' } } },
      /consumers\.a has command and queue, and must be an object with a command, which receives by itself, or with/,
    ],
    [
      'a command in a handler without a queue',
      { consumers: { a: { command: ['x'], handler: 'a.b' } } },
      /a has command and handler, and/,
    ],
    ['a queue alone', { consumers: { a: { queue: 'q' } } }, /consumers\.a lacks the member handler/],
    [
      'a wrong queue of a handler with a command',
      { consumers: { a: { command: ['x'], handler: 'a.b', queue: 'a b' } } },
      /consumers\.a\.queue must be the name of a queue/,
    ],
    [
      'a command and messages',
      { scenario: { command: ['x'], messages: [] } },
      /scenario has command and messages, and must/,
    ],
    [
      'a misspelt member',
      { consumers: { a: { handler: 'a.b', queue: 'q', batchsize: 1 } } },
      /consumers\.a has no member "batchsize"; there are handler, queue/,
    ],
    [
      'a batch of none',
      { consumers: { a: { handler: 'a.b', queue: 'q', batchSize: 0 } } },
      /batchSize must be a whole number from 1 to 10000, not 0/,
    ],
    [
      'one at a time',
      { consumers: { a: { handler: 'a.b', queue: 'q', maximumConcurrency: 1 } } },
      /maximumConcurrency must be a whole number from 2 to 1000/,
    ],
    ['a name with a space', { consumers: { 'a b': { command: ['x'] } } }, /"a b" must be a name of at most 50 letters/],
    [
      'eleven filters',
      {
        consumers: {
          a: { handler: 'a.b', queue: 'q', filterCriteria: { Filters: Array(11).fill({ Pattern: '{}' }) } },
        },
      },
      /Filters must be a list of at most 10 filters/,
    ],
    ['another topology', { topology: 'mine' }, /topology must be shop, none, or an object with a template, not "mine"/],
    [
      'a message without a body',
      { scenario: { messages: [{ queue: 'q' }] } },
      /scenario\.messages\[0\] lacks the member body/,
    ],
    ['invariants in place', { invariants: [] }, /invariants must be the file of a module/],
  ])('with %s is refused with file, line and member', async (_name, member, message) => {
    const text = `{\n  "$schema": "x",\n  ${JSON.stringify(member).slice(1, -1)}\n}`;
    const error = await refusal(read('cliffracer.config.json', text));
    expect(error).toMatchObject({ code: 'invalid_config' });
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/cliffracer\.config\.json:3: /);
  });

  test('names the line of what is nested', async () => {
    const text = '{\n "consumers": {\n  "a": {\n   "command": [\n    "x",\n    1\n   ]\n  }\n }\n}';
    expect((await refusal(read('cliffracer.config.json', text)))?.message).toContain('.json:6: consumers.a.command[1]');
  });

  test('that is nested without end is refused', async () => {
    const error = await refusal(read('cliffracer.config.json', `{"consumers":${'['.repeat(5000)}`));
    expect(error?.message).toMatch(/nested deeper than 64 levels/);
  });
});

describe('a module', () => {
  test.each<[string, string, ReturnType<typeof loader>, RegExp, RegExp]>([
    [
      'that cannot be loaded',
      'cliffracer.config.mjs',
      loader(new Error('no\nsuch')),
      /cannot be loaded: no$/,
      /node .*\.mjs shows where/,
    ],
    [
      'without a default export',
      'cliffracer.config.js',
      loader({ consumers: {} }),
      /no object as its default export/,
      /export default/,
    ],
    [
      'with a wrong member',
      'cliffracer.config.mjs',
      loader({ default: { port: 'x' } }),
      /config\.mjs: port must be/,
      /fix .*config\.mjs/,
    ],
    [
      'in TypeScript on a Node.js that does not read it',
      'cliffracer.config.ts',
      loader({}, '20.19.0'),
      /Node\.js 20\.19\.0 does not read/,
      /22\.18 or newer.*config\.mjs/,
    ],
  ])('%s is refused', async (_name, name, load, message, hint) => {
    const error = await refusal(read(name, '', load));
    expect(error).toMatchObject({ code: 'invalid_config' });
    expect(error?.message).toMatch(message);
    expect(error?.hint).toMatch(hint);
  });

  test('beside another configuration is refused', async () => {
    writeFileSync(join(folder, 'cliffracer.config.mjs'), '');
    const error = await refusal(read('cliffracer.config.json', '{}'));
    expect(error?.message).toMatch(/cliffracer\.config\.json and cliffracer\.config\.mjs are both there/);
  });

  test('in TypeScript is read where Node.js strips types', () => {
    const versions = ['20.19.0', '22.17.1', '22.18.0', '23.5.0', '23.6.0', '24.0.0'];
    expect(versions.map(stripsTypes)).toEqual([false, false, true, false, true, true]);
  });
});

/** The schema that editors use: settings of the program, and what checks the other members. `npm run docs` writes it. */
test('docs/config.schema.json is the schema that the reader has', async () => {
  const setting = ({ name, number, wants }: (typeof SETTINGS)[number]): [string, Schema] => [
    name,
    {
      ...{ type: number ? 'integer' : 'string', description: wants },
      ...(name === 'engine' && { enum: ENGINE_CHOICES }),
    },
  ];
  const properties = { $schema: { type: 'string' }, ...Object.fromEntries(SETTINGS.map(setting)), ...MEMBERS };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'cliffracer.config.json',
    ...{ type: 'object', properties, additionalProperties: false },
  };
  await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot('../../docs/config.schema.json');
});
