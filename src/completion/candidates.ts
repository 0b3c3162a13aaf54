import { Command, type Option } from 'commander';
import type { App, Globals } from '../app.ts';
import type { Completes } from '../cli/arguments.ts';
import type { CommandTree, Entry } from '../commands/entry.ts';
import { globalOptions } from '../program/global-options.ts';
import { type Candidate, lookUp } from './lookups.ts';

/** A line up to the word that is being typed. */
interface Line {
  tree: CommandTree;
  /** The command, once its words are complete; of a group, the one that it runs when typed alone. */
  command?: Command;
  /** A group whose member is still to be named. */
  group?: string;
  /** There is no such command. */
  unknown?: true;
  /** How many arguments stand before the word. */
  before: number;
  /** The option whose value the word is. */
  option?: Option;
}

/**
 * What may stand for the last of `words`, which are a command line without the program's name. Empty where nothing is
 * known, or somebody else's text might do harm in a shell.
 */
export async function candidates(app: App, tree: CommandTree, asBash: readonly string[]): Promise<Candidate[]> {
  const words = rejoined(asBash);
  const typed = words.at(-1) ?? '';
  // bash puts in what follows the last colon only.
  const cut = words.length < asBash.length ? typed.lastIndexOf(':') + 1 : 0;
  const found = await candidatesFor(app, tree, words, typed);
  return cut === 0 ? found : found.map(({ value, description }) => ({ value: value.slice(cut), description }));
}

/** bash takes a colon for a word: `http://host:1` comes as five. A lone colon is nobody's word. */
function rejoined(words: readonly string[]): string[] {
  const whole: string[] = [];
  let open = false;
  for (const word of words) {
    const colon = word === ':' || word === '::';
    if ((colon || open) && whole.length > 0) whole[whole.length - 1] += word;
    else whole.push(word);
    open = colon;
  }
  return whole;
}

async function candidatesFor(
  app: App,
  tree: CommandTree,
  words: readonly string[],
  typed: string,
): Promise<Candidate[]> {
  const line = await read(app, { tree, before: 0 }, words.slice(0, -1));
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  // bash hands over `--name=value` as three words.
  const bare = typed === '=' && line.option !== undefined ? '' : typed;
  const found =
    name !== undefined
      ? (
          await values(
            app,
            optionsOf(line).find(({ long }) => long === name),
          )
        ).map(prefixed(`${name}=`))
      : line.option !== undefined
        ? await values(app, line.option, bare)
        : typed.startsWith('-')
          ? optionsOf(line).filter(isShown).map(asCandidate)
          : await wordsAt(app, line, typed);
  const wanted = name === undefined ? bare : `${name}=${value}`;
  return found.filter((candidate) => candidate.value === FILES || fits(candidate.value, wanted));
}

const FILES = ':files';
const fits = (value: string, typed: string) => value.startsWith(typed) && /^[\w.:@+=,/-]+$/.test(value);
const isShown = ({ hidden }: Option) => !hidden;
const asCandidate = ({ long, description }: Option): Candidate => ({ value: long!, description });
const prefixed =
  (prefix: string) =>
  ({ value, description }: Candidate): Candidate => ({
    value: value === FILES ? value : prefix + value,
    description,
  });

async function read(app: App, line: Line, words: readonly string[]): Promise<Line> {
  for (const word of words) {
    if (word === '=') continue;
    if (line.option !== undefined) {
      remember(app.globals, line.option, word);
      delete line.option;
      continue;
    }
    if (!word.startsWith('-')) {
      await take(app, line, word);
      continue;
    }
    const [name, value] = word.split(/=(.*)/s);
    const option = optionsOf(line).find(({ long, short }) => long === name || short === name);
    if (option === undefined || !(option.required || option.optional)) continue;
    if (value === undefined) line.option = option;
    else remember(app.globals, option, value);
  }
  return line;
}

async function take(app: App, line: Line, word: string): Promise<void> {
  const { entries, groups } = line.tree;
  const path = line.group === undefined ? word : `${line.group} ${word}`;
  const open = line.command === undefined || line.group !== undefined;
  const entry = open ? entries.find((each) => each.path === path) : undefined;
  if (entry !== undefined) {
    line.command = await load(app, entry);
    delete line.group;
  } else if (line.command === undefined && groups.some(({ name }) => name === word)) {
    line.group = word;
    const alone = entries.find(({ isDefault, path }) => isDefault === true && path.startsWith(`${word} `));
    if (alone !== undefined) line.command = await load(app, alone);
  } else if (open) line.unknown = true;
  else line.before++;
}

const load = async (app: App, entry: Entry) => globalOptions(await entry.load(app));

/** A lookup is to ask the same engine and stack as the command will. */
function remember(globals: Globals, option: Option, value: string): void {
  const name = option.attributeName();
  if (name === 'endpointUrl' || name === 'region' || name === 'stack' || name === 'target') globals[name] = value;
}

const optionsOf = ({ command }: Line): readonly Option[] => (command ?? globalOptions(new Command())).options;

async function wordsAt(app: App, line: Line, typed: string): Promise<Candidate[]> {
  if (line.unknown) return [];
  if (line.group !== undefined) {
    const members = line.tree.entries.filter(({ path }) => path.startsWith(`${line.group} `));
    return members.map(({ path, summary }) => ({ value: path.split(' ')[1]!, description: summary }));
  }
  if (line.command === undefined) return firstWords(line.tree);
  const all = line.command.registeredArguments;
  const argument = all[line.before] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  const completes = completesOf(argument);
  if (completes === 'faults') return (await import('./fault-words.ts')).faultWords(line.before, typed);
  return values(app, argument);
}

function firstWords({ entries, groups }: CommandTree): Candidate[] {
  const names = new Set(entries.map(({ path }) => path.split(' ')[0]!));
  return [...names].map((value) => ({
    value,
    description: [...groups.map(({ name, summary }) => ({ path: name, summary })), ...entries].find(
      ({ path }) => path === value,
    )!.summary,
  }));
}

interface Described {
  argChoices?: readonly string[];
  parseArg?: unknown;
}

const completesOf = (of: Described | undefined): Completes | undefined =>
  of?.argChoices ?? (of?.parseArg as { completes?: Completes } | undefined)?.completes;

/** What an option or an argument says of its values, by its closed list or its parser. */
async function values(app: App, of: Described | undefined, typed = ''): Promise<Candidate[]> {
  const completes = completesOf(of);
  if (completes === undefined || completes === 'faults') return [];
  if (completes === 'files') return [{ value: FILES, description: '' }];
  if (typeof completes === 'string') return lookUp(app, completes);
  // The members of a list are completed one by one.
  const done = typed.slice(0, typed.lastIndexOf(',') + 1);
  return completes.map((value) => ({ value: done + value, description: '' }));
}
