import type { App } from '../app.ts';
import { needsTerminal } from '../cli/prompt.ts';
import { CliffracerError } from '../errors.ts';
import { aligned } from '../views/choices.ts';
import { plural } from '../views/text.ts';
import type { Noun } from './offers.ts';

const LAST = '@last';
/** How many are offered in a list, and named where a beginning is not unique. */
const OFFERED = 200;
const NAMED = 5;
/** What an id is made of; anything else is looked up by nobody, and the command says that there is none. */
const BEGINNING = /^[\w.-]{1,128}$/;

/**
 * The id that a person means: one given in full, by a unique beginning, or as `@last`; asked for when none was given. What
 * nothing begins with is handed back as it is, for the command to say that there is none. Rejects with `usage` for a
 * beginning of several, with `not_found` where there is nothing to choose from, and with `needs_terminal`.
 */
export async function which(app: App, noun: Noun, given: string | undefined): Promise<string> {
  if (given === undefined) return choose(app, noun);
  if (given === LAST && noun.hasLast) return (await offered(app, noun, 1))[0]!.id;
  if (noun.whole.test(given) || !BEGINNING.test(given)) return given;
  return only(noun, given, await noun.beginning(app, given, NAMED + 1)) ?? given;
}

/** The same for a flag's value, which may be left out. */
export const whichIfAny = async (app: App, noun: Noun, given: string | undefined): Promise<string | undefined> =>
  given === undefined ? undefined : which(app, noun, given);

/** The one id, or none; throws `usage` when there are several. */
export function only<Id extends string>(noun: Pick<Noun, 'plural'>, text: string, ids: readonly Id[]): Id | undefined {
  if (ids.length < 2) return ids[0];
  const more = ids.length > NAMED ? ' and others' : '';
  throw new CliffracerError(
    'usage',
    `${JSON.stringify(text)} is the beginning of several ${noun.plural}: ${ids.slice(0, NAMED).join(', ')}${more}`,
    { hint: 'give more of it' },
  );
}

async function choose(app: App, noun: Noun): Promise<string> {
  const { argument } = noun;
  if (!app.prompt.available) {
    throw needsTerminal(argument, `give ${argument}, or the beginning of one${noun.hasLast ? `, or ${LAST}` : ''}`);
  }
  const offers = await offered(app, noun, OFFERED);
  const lines = aligned(offers.map(({ columns }) => columns));
  const choices = offers.map(({ id }, index) => ({ value: id, name: lines[index]! }));
  return app.prompt.search({
    message: `Which ${noun.name}? (${plural(offers.length, noun.name, noun.plural)}, type to search)`,
    flag: argument,
    source: (term) => matching(choices, term),
  });
}

async function offered(app: App, noun: Noun, limit: number) {
  const offers = await noun.offers(app, limit);
  if (offers.length > 0) return offers;
  throw new CliffracerError('not_found', `there are no ${noun.plural}`, { hint: noun.first });
}

/** Choices that have every word of the term; those that begin with it come first, then those that have it as it stands. */
export function matching<C extends { name: string; description?: string }>(choices: readonly C[], term: string): C[] {
  const wanted = term.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const textOf = ({ name, description = '' }: C) => `${name} ${description}`.toLowerCase();
  const rank = (choice: C) => (textOf(choice).startsWith(wanted) ? 0 : textOf(choice).includes(wanted) ? 1 : 2);
  return choices
    .filter((choice) => words.every((word) => textOf(choice).includes(word)))
    .sort((one, other) => rank(one) - rank(other));
}
