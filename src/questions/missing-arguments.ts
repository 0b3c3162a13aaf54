import type { App } from '../app.ts';
import { ENTRIES, type Entry } from '../commands/index.ts';

type Argument = Awaited<ReturnType<Entry['load']>>['registeredArguments'][number];

/** Asks for the arguments that a command cannot do without and does not ask for itself. */
export async function missingArguments(app: App, line: string): Promise<string[]> {
  const entry = ENTRIES.find(({ path }) => path === line);
  const command = await entry?.load(app);
  const words: string[] = [];
  for (const argument of command?.registeredArguments ?? []) {
    if (argument.required) words.push(...(await ask(app, argument)));
  }
  return words;
}

async function ask(app: App, argument: Argument): Promise<string[]> {
  const flag = argument.name().toUpperCase();
  const { argChoices, description } = argument;
  const message = `${flag}: ${description}`;
  if (argChoices !== undefined) {
    return [await app.prompt.select({ message, flag, choices: argChoices.map((value) => ({ value, name: value })) })];
  }
  const answer = await app.prompt.input({ message, flag, validate: (text) => verdict(argument, text) });
  // A rule of several words is several arguments; a name with spaces is one.
  return argument.variadic ? answer.trim().split(/\s+/) : [answer.trim()];
}

function verdict({ parseArg, variadic }: Argument, text: string): true | string {
  if (text.trim() === '') return 'it cannot be empty';
  try {
    if (!variadic) parseArg?.(text.trim(), undefined);
    return true;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
