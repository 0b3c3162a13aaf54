import { Command, CommanderError, type Option } from 'commander';
import type { App, Globals } from './app.ts';
import { helpWidth } from './cli/help.ts';
import { ENTRIES, type Entry, GROUPS } from './commands/index.ts';
import { applyProject } from './engines/settings.ts';
import { CliffracerError } from './errors.ts';
import { globalOptions } from './program/global-options.ts';
import { explain, type HelpContext } from './program/help.ts';
import { meantBy } from './program/synonyms.ts';

const NAME = 'cliffracer';

/** Words that a second one follows. */
export const COMMAND_GROUPS: readonly string[] = GROUPS.map(({ name }) => name);

const START_HELP = `
Start here:
  $ cliffracer up
  $ cliffracer order create --customer ada --item laptop-pro:1
  $ cliffracer drain --step
  $ cliffracer inspect receipts

Exit codes: 0 done · 1 failed or a check did not hold · 2 usage · 3 engine unreachable or unhealthy ·
4 not provisioned · 5 refused by a safety guard · 6 messages still on their way · 130 interrupted`;

/**
 * Reads the flags that decide how even a usage error is shown. Before the tree is parsed, since parsing may fail.
 */
export function scanGlobals(argv: readonly string[]): Pick<Globals, 'json' | 'debug' | 'color'> {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return { json: flags.includes('--json'), debug: flags.includes('--debug'), color: !flags.includes('--no-color') };
}

/**
 * Builds the command tree around the one command that `argv` names and runs it. Only that command's module is loaded;
 * the others stand in the tree by name and summary. Rejects with CliffracerError.
 */
export async function runProgram(app: App, argv: readonly string[]): Promise<void> {
  const line = argv[0] === 'help' ? [...argv.slice(1), '--help'] : withoutOurs(argv);
  const program = await buildProgram(app, line);
  try {
    await program.parseAsync(line as string[], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, program, argv);
  }
}

/**
 * commander may drop a `--` before it knows the command, whose words behind it would be options again. One more stays among
 * the words, so that the command knows where those of another program begin.
 */
const withoutOurs = (argv: readonly string[]): readonly string[] =>
  ['exec', 'check'].includes(wordsOf(argv)[0] ?? '') && argv.includes('--')
    ? argv.toSpliced(argv.indexOf('--'), 0, '--')
    : argv;

async function buildProgram(app: App, argv: readonly string[]): Promise<Command> {
  const program = configure(app, new Command(NAME))
    .description(
      'Debug and prove event-driven systems on AWS: any consumer, on an engine that needs nothing but Node.js.',
    )
    .version(app.version, '-V, --version', 'print the version')
    .addHelpText('after', START_HELP);
  globalOptions(program);
  program.hook('preAction', async (_root, action) => {
    refuseEmpty(action);
    Object.assign(app.globals, action.optsWithGlobals());
    applyProject(app.globals, app.env, await app.project());
  });
  const wanted = findEntry(argv);
  const groups = new Map<string, Command>();
  for (const entry of wanted === undefined ? ENTRIES : neighbours(wanted)) {
    const [first, second] = entry.path.split(' ') as [string, string?];
    let parent = program;
    if (second !== undefined) {
      parent = groups.get(first) ?? addGroup(app, program, first);
      groups.set(first, parent);
    }
    const command = entry === wanted ? await entry.load(app) : new Command(second ?? first).allowUnknownOption();
    configure(app, command).summary(entry.summary);
    if (command.description() === '') command.description(entry.summary);
    if (second === undefined) command.helpGroup(entry.group);
    if (entry === wanted) command.addHelpText('after', GLOBAL_OPTIONS_HELP);
    parent.addCommand(command, { isDefault: entry.isDefault ?? false });
  }
  explainDefault(groups, wanted, argv);
  // Only without a word: with an action of its own the root would take an unknown command for an argument.
  if (wordsOf(argv).length === 0) {
    program.action(async () => {
      const { menu } = await import('./questions/menu.ts');
      await menu(app, {
        help: () => `${program.helpInformation()}${START_HELP}\n`,
        // A command that failed is no failure of the menu.
        run: (line) => runProgram({ ...app, fail: () => {} }, line),
      });
    });
  }
  return program;
}

const GLOBAL_OPTIONS_HELP = `\nGlobal options: ${NAME} --help`;

/** The help of a group that is a command too has the options of that command. */
function explainDefault(
  groups: ReadonlyMap<string, Command>,
  wanted: Entry | undefined,
  argv: readonly string[],
): void {
  const [name = '', second] = wordsOf(argv);
  const group = groups.get(name);
  const alone = group?.commands.find((command) => wanted?.path === `${name} ${command.name()}`);
  if (group === undefined) return;
  group.on('afterHelp', ({ write }: HelpContext) => {
    const isAlone =
      second === undefined && wanted?.isDefault === true && alone !== undefined && alone.options.length > 0;
    if (!isAlone) return write(`${GLOBAL_OPTIONS_HELP}\n`);
    write(`\n${NAME} ${name} alone is ${NAME} ${wanted.path}:\n\n`);
    explain(alone, write);
  });
}

/** An empty value is mostly a variable that a script did not fill in: nobody means it, and AWS refuses it in its own words. */
function refuseEmpty(command: Command): void {
  const isEmpty = (value: unknown) => typeof value === 'string' && value.trim() === '';
  const options = command.optsWithGlobals();
  const flags = (option: Option) => [options[option.attributeName()]].flat().some(isEmpty);
  const lineage = [command, ...parentsOf(command)];
  const empty =
    command.registeredArguments.find((_, index) => isEmpty(command.processedArgs[index]))?.name() ??
    lineage.flatMap((each) => each.options).find(flags)?.long;
  if (empty === undefined) return;
  const path = lineage.map((each) => each.name()).reverse();
  throw new CliffracerError('usage', `${empty} must not be empty`, { hint: `${path.join(' ')} --help` });
}

function parentsOf({ parent }: Command): Command[] {
  return parent === null ? [] : [parent, ...parentsOf(parent)];
}

/** A command's group: all that its own usage errors can speak of. The others would take two milliseconds to put there. */
function neighbours({ path }: Entry): readonly Entry[] {
  const [group] = path.split(' ');
  return ENTRIES.filter((entry) => entry.path.split(' ')[0] === group);
}

function addGroup(app: App, program: Command, name: string): Command {
  const known = GROUPS.find((group) => group.name === name)!;
  const command = configure(app, new Command(name)).description(known.summary).summary(known.summary);
  command.helpGroup(known.group);
  program.addCommand(command);
  return command;
}

/** Settings that commander does not hand down to commands made elsewhere. */
function configure(app: App, command: Command): Command {
  // Errors that commander would show with help are told by main, in a line.
  command.outputHelp = ((context?: { error: boolean }) => {
    if (!context?.error) explain(command, app.showHelp);
  }) as Command['outputHelp'];
  return (
    command
      .exitOverride()
      // Usage errors are printed once, by main.
      .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => helpWidth(app.io.stdout) })
      .configureHelp({ sortSubcommands: false })
      .showSuggestionAfterError()
      .helpCommand(false)
  );
}

/** Options that take a value, so that the value is not taken for a command. */
const WITH_VALUE = new Set(['--endpoint-url', '--region', '--stack', '--target', '--profile', '--account']);

function wordsOf(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length && words.length < 2; index++) {
    const word = argv[index]!;
    if (WITH_VALUE.has(word)) index++;
    else if (!word.startsWith('-')) words.push(word);
  }
  return words;
}

function findEntry(argv: readonly string[]): Entry | undefined {
  const [first, second] = wordsOf(argv);
  return (
    ENTRIES.find(({ path }) => path === first || path === `${first} ${second}`) ??
    ENTRIES.find(({ path, isDefault }) => isDefault && path.startsWith(`${first} `))
  );
}

function usageError(error: CommanderError, program: Command, argv: readonly string[]): CliffracerError {
  const [first, second] = wordsOf(argv);
  const group = program.commands.find((command) => command.name() === first);
  const known = group?.commands.some((command) => command.name() === second) ? ` ${second}` : '';
  const path = group === undefined ? '' : ` ${first}${known}`;
  const isUnknown =
    error.code === 'commander.unknownCommand' ||
    // The command that a group is alone would take the word for an argument of its own.
    (error.code === 'commander.excessArguments' && group !== undefined && group.commands.length > 0 && known === '');
  if (isUnknown) {
    const [word, of] = group === undefined ? [first!] : [second!, first!];
    const meant = meantBy(word, of);
    if (meant !== undefined) return unknownCommand(word, `: did you mean ${meant}?`, meant);
    // commander itself suggests a name that is spelt alike.
    if (group !== undefined && !error.message.includes('Did you mean'))
      return unknownCommand(word, thereAre(group), `${of} --help`);
  }
  const asked = error.code === 'commander.help' && first !== undefined;
  const message = asked ? `${NAME} ${first} needs one of: ${membersOf(group!)}` : error.message;
  return new CliffracerError('usage', reworded(message), { hint: `${NAME}${path} --help` });
}

const unknownCommand = (word: string, told: string, hint: string): CliffracerError =>
  new CliffracerError('usage', `unknown command '${word}'${told}`, { hint: `${NAME} ${hint}` });

const membersOf = (group: Command): string => group.commands.map((each) => each.name()).join(', ');

const thereAre = (group: Command): string =>
  `; there ${group.commands.length === 1 ? 'is' : 'are'} ${membersOf(group)}`;

/** commander's message as one line in our wording. */
function reworded(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/option '-\w, /g, "option '")
    .replace(/\n\(?Did you mean ([^)]*)\)?/, ': did you mean $1')
    .replace(/^command-argument value ('.*') is invalid for argument '(.*?)'\./s, '$2 $1 is invalid.');
}
