import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENTRIES } from '../../src/commands/index.ts';
import { EXIT_CODES } from '../../src/errors.ts';
import { Session } from '../support/session.ts';
import { ROOT } from './page.ts';

const read = (file: string) => readFileSync(resolve(ROOT, file), 'utf8');
const TEXT = read('docs/output.md');

/** A row of "Documents by command": what is typed, and what stdout holds. */
const ROWS = TEXT.slice(TEXT.indexOf('## Documents by command'))
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [, names, shape] = /^\| (.+?) \| (.+) \|$/.exec(line)!;
    return { names: [...names!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!), shape: shape! };
  });

/** `provision --plan` and `why QUEUE` are about the commands `provision` and `why`. */
const commandOf = (name: string): string =>
  name
    .split(' ')
    .filter((word) => /^[a-z]/.test(word))
    .join(' ');

test('every error code is listed', () => {
  expect(Object.keys(EXIT_CODES).filter((code) => !TEXT.includes(`\`${code}\``))).toEqual([]);
});

test('every command has a row, and every row is about a command', () => {
  const documented = ROWS.flatMap(({ names }) => names).map(commandOf);
  const paths = ENTRIES.map(({ path }) => path);
  expect(paths.filter((path) => !documented.includes(path))).toEqual([]);
  expect(documented.filter((name) => !paths.includes(name))).toEqual([]);
});

/** What a row may mean beside its own words. */
const DEFINITIONS: Record<string, () => string> = {
  'Order|Depths|Clock': () => between(TEXT, '`Order` is', '\n| command'),
  Call: () => between(read('docs/engine.md'), '## Call log', '\n## '),
};

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(to, start));
}

function documentedKeys(command: string): Set<string> {
  const rows = ROWS.filter(({ names }) => names.some((name) => commandOf(name) === command));
  const text = rows.map(({ shape }) => shape).join(' ');
  const defined = Object.entries(DEFINITIONS).flatMap(([name, of]) => (new RegExp(name).test(text) ? [of()] : []));
  for (const [, other] of text.matchAll(/as of `([^`]+)`/g)) defined.push(...documentedKeys(other!));
  return new Set([text, ...defined].join(' ').match(/[a-z][a-z0-9_]*/g));
}

/** Maps whose keys are not ours: attributes of messages and items, names of operations. */
const FREE = new Set([
  'attributes',
  'system_attributes',
  'missed',
  'Policy',
  'input',
  'answer',
  'before',
  'after',
  'key',
]);

function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => [key, ...(FREE.has(key) ? [] : keysIn(inside))]);
}

const SCRIPT = `
  health
  env
  ps
  config show
  completion bash
  provision
  provision --plan
  diff
  order create --customer ada --item laptop-pro:1
  order create --customer grace --item tablet-air:1 --payment decline
  order list
  inspect queues
  queue list
  queue peek order-queue
  queue peek inventory-queue
  fault add "sqs:DeleteMessage drop 1"
  fault list
  snapshot save before
  snapshot list
  drain
  snapshot diff before
  fault clear
  order show @last
  order retry @last
  inspect orders
  inspect inventory
  inspect receipts
  inspect customers
  inspect metrics
  inspect logs
  audit
  trace @last
  trace inventory/laptop-pro
  calls list
  calls show 100
  why order-queue
  blame inventory laptop-pro
  queue hold order-queue
  queue send order-queue --body x
  queue release order-queue
  topic list
  topic publish order-events --body nothing
  drain
  dlq list
  dlq show inventory
  dlq redrive inventory
  dlq purge inventory --yes
  clock show
  clock freeze
  clock advance 30s
  clock next
  clock resume
  snapshot load before
  snapshot delete before
  order cancel @last
  reset --yes
  destroy --yes
  chaos storm --seed 1 --orders 1
`;

describe('no document has a key that docs/output.md does not know', () => {
  let session: Session;
  beforeEach(async () => {
    session = await new Session().engine();
  });
  afterEach(() => session.close());

  test('of the commands in a session', async () => {
    const unknown: string[] = [];
    for (const line of SCRIPT.trim()
      .split('\n')
      .map((text) => text.trim())) {
      const { code, stdout } = await session.run(`${line} --json`);
      const command = ENTRIES.map(({ path }) => path).find((path) => line === path || line.startsWith(`${path} `))!;
      const known = documentedKeys(command);
      const documents = stdout
        .trimEnd()
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text));
      if (documents.some(({ error }) => error?.code !== undefined && Object.keys(error).includes('retryable'))) {
        unknown.push(`${line}: exit ${code} ${stdout}`);
        continue;
      }
      const keys = new Set(documents.flatMap(keysIn));
      const missing = [...keys].filter((key) => !known.has(key));
      if (missing.length > 0) unknown.push(`${command}: ${missing.join(', ')}`);
    }
    expect(unknown).toEqual([]);
  }, 300_000);
});
