import type { Argument, Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { repeatFlags } from '../../src/cli/hints.ts';
import { ENTRIES, GROUPS } from '../../src/commands/index.ts';
import { Session } from '../support/session.ts';

let off: Session;
let session: Session;
beforeAll(async () => {
  off = new Session();
  session = await new Session().provisioned();
});
afterAll(() => Promise.all([off.close(), session.close()]));

/** Every command with the options and arguments that it has. */
const commands = await Promise.all(
  ENTRIES.map(async ({ path, load }) => ({ path, command: (await load({} as App)) as Command })),
);

describe('an empty value', () => {
  const wordsFor = (given: readonly Argument[]) =>
    given
      .filter((each) => each.required)
      .map(() => ' payment')
      .join('');
  const cases = commands.flatMap(({ path, command }) => [
    ...command.options
      .filter(({ required }) => required)
      .map(({ long }) => [`${path}${wordsFor(command.registeredArguments)} ${long} ""`, long!]),
    ...command.registeredArguments
      .filter(({ variadic }) => !variadic)
      .map((argument, index, all) => [
        `${path}${' x'.repeat(index)} ""${wordsFor(all.slice(index + 1))}`,
        argument.name(),
      ]),
  ]);

  test.each(cases)('%s: exit 2, named', async (line, name) => {
    const { code, stderr } = await off.run(line);
    expect({ code, named: stderr.includes(name) }).toEqual({ code: 2, named: true });
    expect(stderr).toMatch(/^error: .*(must|invalid|not|no|needs|which).*\ntry: /);
  });

  test.each(['--endpoint-url', '--region', '--stack', '--target', '--profile', '--account'])('%s', async (flag) => {
    const { code, stderr } = await off.run(`order list ${flag} " "`);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: ${flag} must not be empty\ntry: cliffracer order list --help\n`,
    });
  });

  test('an id that can be no key is refused before anything is called', async () => {
    const { code, stderr } = await off.run(`order show ${'x'.repeat(3_000)}`);
    expect({ code, why: /id .* It must have at most 512 bytes\./.test(stderr) }).toEqual({ code: 2, why: true });
  });
});

test.each([
  ['clock set', "unknown command 'set'; there are show, freeze", 'cliffracer clock --help'],
  ['clock release', "unknown command 'release': did you mean clock resume?", 'cliffracer clock resume'],
  ['calls 17', "unknown command '17'; there are list, show", 'cliffracer calls --help'],
])('%s: a word behind a group that is a command too is no argument of that', async (line, message, hint) => {
  const { code, stderr } = await off.run(line);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  expect(stderr).toContain(`\ntry: ${hint}\n`);
});

test('the help of a group that is a command too has the options of that command', async () => {
  const { stdout } = await off.run('chaos --help');
  expect(stdout).toMatch(/Commands:\n {2}storm .*\n {2}explore /);
  expect(stdout).toContain('cliffracer chaos alone is cliffracer chaos storm:\n\nUsage: cliffracer chaos storm');
  expect(stdout).toContain('--only-faults <numbers>');
  expect((await off.run('clock --help')).stdout).not.toContain('alone');
});

describe('hints repeat the flags that were typed', () => {
  test('a region without a stack is named, and the hint leads to it', async () => {
    const { code, json } = await session.run('order list --region eu-west-1 --json');
    expect({ code, ...json().error }).toMatchObject({
      code: 'not_provisioned',
      message: `table orders does not exist at ${session.endpoint}, region eu-west-1, stack default`,
      hint: 'cliffracer provision --region eu-west-1',
    });
    expect((await session.run('provision --region eu-west-1')).code).toBe(0);
    expect((await session.run('order list --region eu-west-1')).code).toBe(0);
  });

  test('an engine that is away', async () => {
    const away = await off.run('order list --endpoint-url http://127.0.0.1:9 --stack team-a');
    expect(away.stderr).toMatch(/\ntry: cliffracer up --endpoint-url http:\/\/127\.0\.0\.1:9 --stack team-a\n$/);
  });

  const typed = [
    ['--endpoint-url', 'http://127.0.0.1:4999'],
    ['--region', 'eu-west-1'],
  ] as const;
  test.each([
    ['cliffracer provision', 'cliffracer provision --endpoint-url http://127.0.0.1:4999 --region eu-west-1'],
    [
      'cliffracer order list, then look',
      'cliffracer order list --endpoint-url http://127.0.0.1:4999 --region eu-west-1, then look',
    ],
    [
      'cliffracer provision --region eu-north-1',
      'cliffracer provision --endpoint-url http://127.0.0.1:4999 --region eu-north-1',
    ],
    ['cliffracer up --port 4567', 'cliffracer up --region eu-west-1 --port 4567'],
    ['cliffracer health', 'cliffracer health --endpoint-url http://127.0.0.1:4999'],
    ['cliffracer down --port 4567, or cliffracer ps', 'cliffracer down --port 4567, or cliffracer ps'],
    ['cliffracer order show --help', 'cliffracer order show --help'],
    ['give --region', 'give --region'],
  ])('%s', (text, expected) => {
    const groups = GROUPS.map(({ name }) => name);
    expect(repeatFlags(text, typed, groups)).toBe(expected);
    expect(repeatFlags(text, [], groups)).toBe(text);
    expect(repeatFlags(text, [['--region', '$(reboot)']], groups)).toBe(text);
  });
});
