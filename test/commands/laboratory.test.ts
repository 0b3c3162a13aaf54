import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';
import { LABORATORY_ROWS } from './laboratory-rows.ts';

/** What every command owes its user (see matrix.test.ts), for those that turn the engine itself. */
describe.each(Object.entries(LABORATORY_ROWS))('%s', (path, { line, keys, before = [] }) => {
  let session: Session;
  beforeEach(async () => {
    session = await new Session().engine();
    for (const each of before) expect((await session.run(each)).code).toBe(0);
  });
  afterEach(() => session.close());

  test('works: text on stdout, nothing on stderr', async () => {
    const outcome = await session.run(line);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).not.toBe('');
    expect(outcome.stdout).not.toContain('\u001b');
  });

  test('--json: one document with its keys in snake_case', async () => {
    const outcome = await session.run(`${line} --json`);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const found = Object.keys(outcome.json());
    expect(found).toEqual(expect.arrayContaining([...keys]));
    expect(found.filter((key) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key))).toEqual([]);
  });

  test('--help shows an example; an unknown flag is a usage error with the nearest one', async () => {
    const help = await session.run(`${path} --help`);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/Examples?.*:\n.*cliffracer /);
    const wrong = await session.run(`${path} --jsno`);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('did you mean --json?');
  });

  test('engine not running: exit 3', async () => {
    const off = { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } };
    const text = await session.run(line, off);
    expect(text).toMatchObject({ code: 3, stdout: '' });
    expect(text.stderr).toContain('try: cliffracer up\n');
    const { error } = (await session.run(`${line} --json`, off)).json();
    expect(error).toMatchObject({ code: 'engine_unreachable', hint: 'cliffracer up', retryable: true });
  });
});
