import type { App } from '../app.ts';
import { type Choice, WentBack } from '../cli/prompt.ts';
import { ENTRIES, type Entry } from '../commands/index.ts';
import { CliffracerError } from '../errors.ts';
import { aligned } from '../views/choices.ts';
import { ranView, situationView, suggestionsFor } from '../views/menu.ts';
import { missingArguments } from './missing-arguments.ts';
import { situationOf } from './situation.ts';
import { matching } from './which.ts';

export interface MenuOptions {
  help(): string;
  /** Runs a command line, as if it had been typed. */
  run(argv: readonly string[]): Promise<void>;
}

const QUIT = 'quit';
const AREA = 'area ';
const FLAG = 'a command';

const AREAS: readonly string[] = [...new Set(ENTRIES.map(({ group }) => group))];

/** The program without arguments: a menu in a terminal, help in a pipe. Esc leads from an area back to all of them, and out. */
export async function menu(app: App, options: MenuOptions): Promise<void> {
  if (!app.prompt.available) return app.print.raw(options.help());
  let place: string | undefined;
  for (;;) {
    const situation = await situationOf(app);
    await app.print.note(situation, situationView);
    const suggestions = suggestionsFor(situation);
    const chosen = await orBack(QUIT, () => chooseFirst(app, suggestions, place));
    if (chosen === QUIT) return;
    // Whatever was done changes what is suggested: the mark is on the first again, unless an area was left.
    place = chosen.startsWith(AREA) ? chosen : undefined;
    if (chosen.startsWith(AREA)) await area(app, chosen.slice(AREA.length), options);
    else await perform(app, chosen, options);
  }
}

/** What fits the situation, then the areas; what is typed searches all commands. */
function chooseFirst(
  app: App,
  suggestions: ReturnType<typeof suggestionsFor>,
  place: string | undefined,
): Promise<string> {
  const lines = aligned(suggestions.map(({ line, text }) => [line, text]));
  const now = suggestions.map(({ line }, index) => ({ value: line, name: lines[index]! }));
  const titles = aligned(AREAS.map((group) => [titleOf(group), wordsOf(group)]));
  const areas = AREAS.map((group, index) => ({ value: AREA + group, name: titles[index]! }));
  const end = { value: QUIT, name: 'quit' };
  const heading = (name: string): Choice<string> => ({ value: name, name, heading: true });
  const all = commandChoices(ENTRIES);
  return app.prompt.search({
    message: 'What next? (type to search all commands)',
    flag: FLAG,
    source: (term) =>
      term.trim() === ''
        ? [heading('Now'), ...now, heading('Everything'), ...areas, end]
        : matching([...all, end], term),
    fleeting: true,
    ...(place !== undefined && { default: place }),
  });
}

/** The commands of an area, until Esc. */
async function area(app: App, group: string, options: MenuOptions): Promise<void> {
  const choices = commandChoices(ENTRIES.filter((entry) => entry.group === group));
  let place: string | undefined;
  for (;;) {
    const chosen = await orBack(QUIT, () =>
      app.prompt.search({
        message: titleOf(group),
        flag: FLAG,
        source: (term) => matching(choices, term),
        fleeting: true,
        ...(place !== undefined && { default: place }),
      }),
    );
    if (chosen === QUIT) return;
    place = chosen;
    await perform(app, chosen, options);
  }
}

const titleOf = (group: string): string => group.replace(/:$/, '');

/** The first words of an area's commands, which tell what it is about. */
const wordsOf = (group: string): string =>
  [...new Set(ENTRIES.filter((entry) => entry.group === group).map(({ path }) => path.split(' ')[0]))].join(', ');

function commandChoices(entries: readonly Entry[]): Choice<string>[] {
  const lines = aligned(entries.map(({ path, summary }) => [path, summary]));
  return entries.map(({ path, summary }, index) => ({ value: path, name: lines[index]!, description: summary }));
}

async function orBack<T>(back: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WentBack) return back;
    throw error;
  }
}

/** A command that fails does not end the menu; Esc and Ctrl-C at one of its questions lead back to it. */
async function perform(app: App, line: string, { run }: MenuOptions): Promise<void> {
  try {
    const argv = [...line.split(' '), ...(await missingArguments(app, line))];
    await app.print.note(argv, ranView);
    await run(argv);
  } catch (error) {
    if (!(error instanceof CliffracerError) || app.signal.aborted) throw error;
    if (!(error instanceof WentBack)) await app.print.error(error, app.globals.debug);
  }
}
