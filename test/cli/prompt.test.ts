import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { terminalPrompter } from '../../src/cli/prompt.ts';
import { collect } from '../support/session.ts';

const DOWN = '\u001b[B';
const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** A person at a terminal, who types once a question is seen. */
function terminal({ json = false, pipe = false } = {}) {
  const modes: boolean[] = [];
  const columns = pipe ? undefined : 80;
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const waiting: { text: string; keys: string }[] = [];
  const stderr = collect(columns, (shown) => {
    if (waiting[0] === undefined || !shown.includes(waiting[0].text)) return;
    const { keys } = waiting.shift()!;
    setImmediate(() => stdin.write(keys));
  });
  const abort = new AbortController();
  const io = { stdin, stdout: collect(columns), stderr };
  const prompter = terminalPrompter(io, { json, colour: false, signal: abort.signal });
  return {
    ...{ prompter, stdin, stderr, modes, abort },
    typesAt(text: string, keys: string): void {
      waiting.push({ text, keys });
    },
  };
}

const choices = [
  { value: 1, name: 'one', description: 'the first' },
  { value: 0, name: 'numbers above', heading: true as const },
  { value: 2, name: 'two   and more', short: 'two   columns' },
  { value: 3, name: 'three\u001b[2J' },
];
const question = { message: 'Which?', flag: '--number' };

describe('a question', () => {
  test('offers choices, and passes over headings', async () => {
    const { prompter, stderr, typesAt } = terminal();
    typesAt('the first', DOWN + ENTER);
    expect(await prompter.select({ ...question, choices })).toBe(2);
    expect(stderr.text).toContain('two  columns');
    expect(stderr.text).toContain('esc back');
    expect(stderr.text).not.toContain('three\u001b[2J');
  });

  test('searches what is typed', async () => {
    const { prompter, typesAt } = terminal();
    typesAt('the first', 'two');
    typesAt('found by two', ENTER);
    const source = (term: string) => (term === 'two' ? [{ value: 2, name: 'found by two' }] : choices);
    expect(await prompter.search({ ...question, source, fleeting: true })).toBe(2);
  });

  test('takes several', async () => {
    const { prompter, typesAt } = terminal();
    const list = [
      { value: 'a', name: 'a', checked: true },
      { value: 'b', name: 'b' },
      { value: 'c', name: 'c' },
    ];
    typesAt('Which?', `${DOWN} ${ENTER}`);
    expect(await prompter.checkbox({ ...question, choices: list })).toEqual(['a', 'b']);
  });

  test('takes text, and yes or no', async () => {
    const { prompter, typesAt } = terminal();
    typesAt('Name?', `ada${ENTER}`);
    expect(await prompter.input({ message: 'Name?', flag: '--name' })).toBe('ada');
    typesAt('Sure?', `y${ENTER}`);
    expect(await prompter.confirm({ message: 'Sure?', flag: '--yes', default: false })).toBe(true);
  });

  test('ends on Ctrl-C and on a signal, and goes back on Esc', async () => {
    const { prompter, typesAt, abort } = terminal();
    typesAt('Which?', CTRL_C);
    await expect(prompter.select({ ...question, choices })).rejects.toMatchObject({ code: 'interrupted' });
    typesAt('Name?', '\u001b');
    await expect(prompter.input({ message: 'Name?', flag: '--name' })).rejects.toMatchObject({
      message: 'left with Esc; nothing was changed by this question',
    });
    const asked = prompter.confirm({ message: 'Sure?', flag: '--yes' });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
  });

  test.each([{ json: true }, { pipe: true }])('is not asked with %j', async (options) => {
    const { prompter } = terminal(options);
    expect(prompter.available).toBe(false);
    const needs = { code: 'needs_terminal', hint: 'give --number' };
    await expect(prompter.select({ ...question, choices })).rejects.toMatchObject(needs);
    await expect(prompter.key({ ...question, keys: [] })).rejects.toMatchObject(needs);
  });
});

describe('a key', () => {
  const keys = ['a', 'b', 'q'].map((key) => ({ key, name: `${key} was pressed` }));
  const press = (text: string) => {
    const { prompter, stdin, stderr, modes } = terminal();
    stdin.write(text);
    return { stderr, modes, ask: () => prompter.key({ ...question, keys }) };
  };

  test.each([
    ['x1B', 'b'],
    [ENTER, 'a'],
    [CTRL_D, 'q'],
    [`${DOWN}q`, 'q'],
  ])('among %j is %s', async (text, key) => {
    const { ask, stderr, modes } = press(text);
    expect(await ask()).toBe(key);
    expect(stderr.text).toBe(`Which? [a b q] ${key} was pressed\n`);
    expect(modes).toEqual([true, false]);
  });

  test('that was pressed ahead answers the next question', async () => {
    const { ask, modes } = press('bxa');
    expect([await ask(), await ask()]).toEqual(['b', 'a']);
    expect(modes).toEqual([true, false]);
  });

  test('is Ctrl-C, or the end of the terminal: interrupted', async () => {
    await expect(press(CTRL_C).ask()).rejects.toMatchObject({ code: 'interrupted' });
    const { prompter, stdin } = terminal();
    stdin.end();
    await expect(prompter.key({ ...question, keys })).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('is not waited for once the question is given up', async () => {
    const { prompter, stderr } = terminal();
    const givenUp = new AbortController();
    const asked = prompter.key({ ...question, keys, givenUp: givenUp.signal });
    setImmediate(() => givenUp.abort());
    expect(await asked).toBeUndefined();
    expect(await prompter.key({ ...question, keys, givenUp: givenUp.signal })).toBeUndefined();
    expect(stderr.text).toBe('Which? [a b q] \nWhich? [a b q] \n');
  });
});
