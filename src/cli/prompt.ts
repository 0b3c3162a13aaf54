import { CliffracerError } from '../errors.ts';
import { truncate } from '../views/table.ts';
import { safe } from '../views/text.ts';
import { type Io, widthOf } from './io.ts';
import type { Keypresses } from './keypress.ts';

export interface Choice<T> {
  value: T;
  name: string;
  /** As the answer shows it; else the name. */
  short?: string;
  /** Shown below the list while the choice is marked. */
  description?: string;
  /** Of a check list: picked before anything is pressed. */
  checked?: boolean;
  /** A heading between choices; cannot be chosen. */
  heading?: true;
}

/** A key, and what it does in a word. */
export interface KeyChoice {
  key: string;
  name: string;
}

interface Question {
  message: string;
  /** The flag or argument that answers the question, for those without a terminal. */
  flag: string;
}

type Judge = (answer: string) => true | string;

/** Asks the person at the terminal. Every question has a flag or argument that answers it. */
export interface Prompter {
  readonly available: boolean;
  /** One of a few. */
  select<T>(question: Question & { choices: readonly Choice<T>[]; default?: T }): Promise<T>;
  /** One of many: what is typed narrows the list. The mark starts at `default`. */
  search<T>(
    question: Question & {
      source(term: string): readonly Choice<T>[] | Promise<readonly Choice<T>[]>;
      default?: T;
      /** Leaves nothing on the screen once it is answered. */
      fleeting?: boolean;
    },
  ): Promise<T>;
  checkbox<T>(question: Question & { choices: readonly Choice<T>[] }): Promise<T[]>;
  /** One of a few keys, pressed alone; Enter is the first of them. Undefined when `givenUp` aborts before. */
  key(question: Question & { keys: readonly KeyChoice[]; givenUp?: AbortSignal }): Promise<string | undefined>;
  input(question: Question & { default?: string; validate?: Judge }): Promise<string>;
  confirm(question: Question & { default?: boolean }): Promise<boolean>;
}

/** Esc: whoever asked goes back one step. Where there is none, the command ends as on Ctrl-C. */
export class WentBack extends CliffracerError {
  constructor() {
    super('interrupted', 'left with Esc; nothing was changed by this question');
  }
}

/** Lines of the screen that are no choices: what stands above, the question, the description, the keys. */
const OTHER_LINES = 9;
const FEWEST_CHOICES = 5;
const MOST_CHOICES = 18;

/**
 * Prompts on stderr, so that stdout carries the result alone. Rejects with `needs_terminal` where nobody can answer, with
 * {@link WentBack} on Esc and with `interrupted` on Ctrl-C.
 */
export function terminalPrompter(io: Io, options: { json: boolean; colour: boolean; signal: AbortSignal }): Prompter {
  const isAvailable = () => !options.json && io.stderr.isTTY === true && io.stdin.isTTY === true;
  const pageSize = () => Math.min(MOST_CHOICES, Math.max(FEWEST_CHOICES, (io.stderr.rows ?? 24) - OTHER_LINES));

  async function ask<T>(
    flag: string,
    run: (prompts: typeof import('@inquirer/prompts'), context: Context) => Promise<T>,
    fleeting = false,
  ): Promise<T> {
    if (!isAvailable()) throw needsTerminal(flag);
    const prompts = await import('@inquirer/prompts');
    // Loads Node's readline, which only a question needs.
    const { untilEscape, withoutColours } = await import('./question-streams.ts');
    const answer = await untilEscape(io.stdin, options.signal, (signal) => {
      // A question that was left stays no longer than one that leaves no answer.
      // A stream of ours for each question: the library ends it.
      const output = options.colour ? (io.stderr as unknown as NodeJS.WritableStream) : withoutColours(io.stderr);
      const context = { input: io.stdin, output, signal, clearPromptOnDone: fleeting };
      signal.addEventListener('abort', () => Object.assign(context, { clearPromptOnDone: true }));
      return run(prompts, context).catch(rejectInterrupted);
    });
    if (answer === 'escaped') throw new WentBack();
    return answer.answer;
  }

  let keypresses: Keypresses | undefined;
  async function askKey(
    flag: string,
    message: string,
    keys: readonly KeyChoice[],
    givenUp: readonly AbortSignal[],
  ): Promise<string | undefined> {
    if (!isAvailable()) throw needsTerminal(flag);
    keypresses ??= new (await import('./keypress.ts')).Keypresses(io.stdin);
    const names = keys.map(({ key }) => key);
    io.stderr.write(`${message} [${names.join(' ')}] `);
    const key = await keypresses.read(names, AbortSignal.any([options.signal, ...givenUp]));
    io.stderr.write(`${keys.find((each) => each.key === key)?.name ?? ''}\n`);
    if (key === 'interrupted' || options.signal.aborted) throw new CliffracerError('interrupted', 'interrupted');
    return key;
  }

  /** Choices as they fit: one line each, and nothing in them that a terminal would obey. */
  const shown = <T>(prompts: typeof import('@inquirer/prompts'), choices: readonly Choice<T>[], marks = 2) => {
    const room = widthOf(io.stderr) - marks - 1;
    return choices.map(({ value, name, short = name, description, heading, checked }) =>
      heading
        ? new prompts.Separator(truncate(safe(name), room))
        : {
            value,
            name: truncate(safe(name), room),
            // In the answer the padding of columns is of no use.
            short: safe(short).trim().replace(/ {2,}/g, '  '),
            ...(checked !== undefined && { checked }),
            // What stands in the line as a whole is not said again below it.
            ...(description !== undefined &&
              !truncate(safe(name), room).includes(safe(description)) && { description: safe(description) }),
          },
    );
  };

  return {
    get available() {
      return isAvailable();
    },
    select: ({ message, choices, flag, ...rest }) =>
      ask(flag, (prompts, context) =>
        prompts.select(
          { message, choices: shown(prompts, choices), pageSize: pageSize(), theme: KEYS_WITH_ESCAPE, ...rest },
          context,
        ),
      ),
    search: ({ message, source, flag, fleeting, ...rest }) =>
      ask(
        flag,
        (prompts, context) =>
          prompts.search(
            {
              message,
              source: async (term) => shown(prompts, await source(term ?? '')),
              pageSize: pageSize(),
              theme: KEYS_WITH_ESCAPE,
              ...rest,
            },
            context,
          ),
        fleeting,
      ),
    checkbox: ({ message, choices, flag }) =>
      ask(flag, (prompts, context) =>
        prompts.checkbox(
          {
            message,
            choices: shown(prompts, choices, 4),
            required: true,
            pageSize: pageSize(),
            theme: KEYS_WITH_ESCAPE,
          },
          context,
        ),
      ),
    key: ({ message, flag, keys, givenUp }) => askKey(flag, message, keys, givenUp === undefined ? [] : [givenUp]),
    input: ({ flag, ...question }) => ask(flag, (prompts, context) => prompts.input(question, context)),
    confirm: ({ flag, ...question }) => ask(flag, (prompts, context) => prompts.confirm(question, context)),
  };
}

interface Context {
  input: Io['stdin'];
  output: NodeJS.WritableStream;
  signal: AbortSignal;
  clearPromptOnDone: boolean;
}

const KEYS_WITH_ESCAPE = {
  style: {
    keysHelpTip: (keys: [key: string, action: string][]) =>
      [...keys.filter(([key]) => !HIDDEN_KEYS.has(key)), ['esc', 'back']].map((pair) => pair.join(' ')).join(' · '),
  },
};

/** Keys of the check list that few need; the line of keys shall fit 60 columns. */
const HIDDEN_KEYS: ReadonlySet<string> = new Set(['a', 'i']);

function rejectInterrupted(error: unknown): never {
  if (error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name)) {
    throw new CliffracerError('interrupted', 'interrupted; nothing was changed by this question');
  }
  throw error;
}

export function needsTerminal(flag: string, hint = `give ${flag}`): CliffracerError {
  const were = flag.includes(' and ') ? 'were' : 'was';
  const message = `there is no terminal to ask on, and ${flag} ${were} not given`;
  return new CliffracerError('needs_terminal', message, { hint });
}
