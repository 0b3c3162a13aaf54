import { CliffracerError } from '../errors.ts';
import type { Io } from './io.ts';

export interface Choice<T> {
  value: T;
  name: string;
  description?: string;
}

/** Asks the person at the terminal. Every question has a flag that answers it, named by `flag` for those without one. */
export interface Prompter {
  readonly available: boolean;
  select<T>(question: { message: string; choices: readonly Choice<T>[]; flag: string; default?: T }): Promise<T>;
  search<T>(question: {
    message: string;
    source(term: string): readonly Choice<T>[] | Promise<readonly Choice<T>[]>;
    flag: string;
  }): Promise<T>;
  checkbox<T>(question: { message: string; choices: readonly Choice<T>[]; flag: string }): Promise<T[]>;
  input(question: {
    message: string;
    flag: string;
    default?: string;
    validate?(answer: string): true | string;
  }): Promise<string>;
  confirm(question: { message: string; flag: string; default?: boolean }): Promise<boolean>;
}

/**
 * Prompts on stderr, so that stdout carries the result alone. Rejects with `needs_terminal` where nobody can answer
 * and with `interrupted` on Ctrl-C.
 */
export function terminalPrompter(io: Io, options: { json: boolean; signal: AbortSignal }): Prompter {
  const isAvailable = () => !options.json && io.stderr.isTTY === true && io.stdin.isTTY === true;
  const context = () => {
    return { input: io.stdin, output: io.stderr as unknown as NodeJS.WritableStream, signal: options.signal };
  };

  async function ask<T>(flag: string, run: (prompts: typeof import('@inquirer/prompts')) => Promise<T>): Promise<T> {
    if (!isAvailable()) throw needsTerminal(flag);
    const prompts = await import('@inquirer/prompts');
    try {
      return await run(prompts);
    } catch (error) {
      if (error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name)) {
        throw new CliffracerError('interrupted', 'interrupted; nothing was changed by this question');
      }
      throw error;
    }
  }

  return {
    get available() {
      return isAvailable();
    },
    select: ({ message, choices, flag, ...rest }) =>
      ask(flag, (prompts) => prompts.select({ message, choices: [...choices], pageSize: 12, ...rest }, context())),
    search: ({ message, source, flag }) =>
      ask(flag, (prompts) =>
        prompts.search({ message, source: async (term) => [...(await source(term ?? ''))] }, context()),
      ),
    checkbox: ({ message, choices, flag }) =>
      ask(flag, (prompts) =>
        prompts.checkbox(
          { message, choices: choices.map((choice) => ({ ...choice })), required: true, pageSize: 12 },
          context(),
        ),
      ),
    input: ({ flag, ...question }) => ask(flag, (prompts) => prompts.input(question, context())),
    confirm: ({ flag, ...question }) => ask(flag, (prompts) => prompts.confirm(question, context())),
  };
}

export function needsTerminal(flag: string): CliffracerError {
  return new CliffracerError('needs_terminal', `there is no terminal to ask on, and ${flag} was not given`, {
    hint: `give ${flag}`,
  });
}
