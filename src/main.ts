import packageJson from '../package.json' with { type: 'json' };
import type { App, Globals, System } from './app.ts';
import { writeHelp } from './cli/help.ts';
import { repeatFlags, type TypedFlag } from './cli/hints.ts';
import { colourLevel, type Io } from './cli/io.ts';
import { Printer } from './cli/print.ts';
import { ProgressLine } from './cli/progress.ts';
import { type Prompter, terminalPrompter } from './cli/prompt.ts';
import type { Clock } from './clock.ts';
import { connectApp } from './connect.ts';
import type { Connection } from './connection.ts';
import { refuseAws } from './engines/aws.ts';
import { resolveEndpoint } from './engines/endpoint.ts';
import { homeDirectory } from './engines/home.ts';
import { type ProjectFile, readProjectFile } from './engines/project-file.ts';
import type { Environment } from './environment.ts';
import { CliffracerError, EXIT_CODES } from './errors.ts';
import type { HelpPart } from './views/help.ts';

/** What surrounds a run of the program; bin/ passes the real one, tests their own. */
export interface World {
  argv: readonly string[];
  env: Environment;
  io: Io;
  clock: Clock;
  system: System;
  /** Aborts on Ctrl-C, and when nobody reads stdout any more. */
  signal: AbortSignal;
  prompt?: Prompter;
  awsRequestHandler?: unknown;
  /** Where the build has put what each command's help consists of. */
  helpDirectory?: string;
  /** Takes the parts of a help instead of stdout: so the build gets them. */
  showHelp?: (part: HelpPart) => void;
}

/** Runs one command line and resolves with the exit code. Never rejects. */
export async function main(world: World): Promise<number> {
  const { argv, io } = world;
  const { version } = packageJson;
  if (argv[0] === '--version' || argv[0] === '-V') {
    io.stdout.write(`${argv.includes('--json') ? JSON.stringify({ version }) : version}\n`);
    return 0;
  }
  const { COMMAND_GROUPS, runProgram, scanGlobals } = await import('./program.ts');
  const app = createApp(world, scanGlobals(argv), COMMAND_GROUPS);
  const deaf = app.globals.debug ? await listCalls(app) : undefined;
  try {
    await Promise.race([runProgram(app, argv), app.interrupted]);
    const code = app.exitCode();
    return code === EXIT_CODES.interrupted && readerLeft(app.signal) ? 0 : code;
  } catch (error) {
    return report(app, error);
  } finally {
    await app.close();
    deaf?.();
  }
}

/** Each call of this program as a line on stderr, once it is answered; resolves with what ends it. */
async function listCalls({ io, globals, env }: App): Promise<() => void> {
  const [{ onEachCall }, { ownCallLine }] = await Promise.all([
    import('./own-calls.ts'),
    import('./views/own-calls.ts'),
  ]);
  const dim = colourLevel(io.stderr, env, !globals.color) > 0;
  return onEachCall((call) => void io.stderr.write(`${ownCallLine(call, dim)}\n`));
}

async function report(app: App, error: unknown): Promise<number> {
  const known = await explain(app, error);
  // A reader that went away (`| head`) is no failure of ours, and nobody is left to tell.
  if (readerLeft(app.signal)) return 0;
  await app.print.error(known, app.globals.debug);
  return known.exitCode;
}

async function explain(app: App, error: unknown): Promise<CliffracerError> {
  if (error instanceof CliffracerError) return error;
  if (app.signal.aborted) return new CliffracerError('interrupted', 'interrupted', { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new CliffracerError('internal', `unexpected failure: ${message}`, {
    hint: 'the same command with --debug shows where',
    cause: error,
  });
}

const PATIENCE_MS = 1_000;

/** A person who pressed Ctrl-C and sees nothing happen is told why. */
async function explainWait({ clock, print, signal }: App): Promise<void> {
  await clock.sleep(PATIENCE_MS);
  if (!readerLeft(signal))
    await print.note('Finishing the messages in flight; Ctrl-C again ends it at once.', (text) => text);
}

/** `| head` and the like end us in this way. */
const readerLeft = (signal: AbortSignal) => (signal.reason as { code?: string } | undefined)?.code === 'EPIPE';

const PLACE_FLAGS = [
  ['--endpoint-url', 'endpointUrl'],
  ['--region', 'region'],
  ['--stack', 'stack'],
  ['--target', 'target'],
  ['--profile', 'profile'],
  ['--account', 'account'],
] as const;

/** What was typed to say where calls go; what a project file or a variable says holds for the next command anyway. */
function typedFlags(globals: Globals): TypedFlag[] {
  const origins: Partial<Record<string, string>> = globals.origins ?? {};
  return PLACE_FLAGS.flatMap(([flag, name]): TypedFlag[] => {
    const value = globals[name];
    return value === undefined || origins[name] !== undefined ? [] : [[flag, value]];
  });
}

interface Run extends App {
  exitCode(): number;
  /** Rejects on Ctrl-C, unless the command ends by itself. */
  interrupted: Promise<never>;
  /** Lets go of connections, so that the process can end. */
  close(): Promise<void>;
}

function createApp(world: World, globals: Globals, groups: readonly string[]): Run {
  let exitCode = 0;
  let endsOnSignal = false;
  const { io, env, clock, system, signal, awsRequestHandler } = world;
  const home = homeDirectory(env);
  const colour = colourLevel(io.stderr, env, !globals.color) > 0;
  const progress = new ProgressLine(io, { json: globals.json || globals.debug, colour });
  let connected: Connection | undefined;
  // How long ago something was is a matter of the clock that it bears.
  const now = () => (connected?.clock ?? clock).now();
  const hint = (text: string) => repeatFlags(text, typedFlags(globals), groups);
  const print = new Printer({ io, env, json: globals.json, noColour: !globals.color, now, hint });
  let connection: Promise<Connection> | undefined;
  let endpoint: ReturnType<App['endpoint']> | undefined;
  let project: Promise<ProjectFile | undefined> | undefined;
  const app: Run = {
    ...{ io, env, globals, clock, system, signal, print, home, awsRequestHandler },
    version: packageJson.version,
    prompt: world.prompt ?? terminalPrompter(io, { json: globals.json, colour, signal }),
    exitCode: () => exitCode,
    close: async () => (await connection?.catch(() => undefined))?.clients.close(),
    fail: (code) => {
      exitCode = EXIT_CODES[code];
    },
    exitWith: (code) => {
      exitCode = code;
    },
    endsOnSignal: () => {
      endsOnSignal = true;
    },
    interrupted: new Promise((_, reject) => {
      const end = () =>
        endsOnSignal ? void explainWait(app) : reject(new CliffracerError('interrupted', 'interrupted'));
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }),
    showHelp: world.showHelp ?? ((part) => writeHelp(io.stdout, part)),
    progress: (text) => progress.start(text),
    endpoint: async () => {
      refuseAws(globals, env);
      endpoint ??= app.project().then((file) => resolveEndpoint(globals.endpointUrl, env, home, file));
      return endpoint;
    },
    useEndpoint: async (url) => {
      refuseAws(globals, env);
      endpoint = resolveEndpoint(url, env, home);
      return endpoint;
    },
    project: () => {
      project ??= readProjectFile(system.cwd(), system);
      return project;
    },
    connect: () => {
      connection ??= connectApp(app).then((made) => {
        connected = made;
        return made;
      });
      return connection;
    },
  };
  return app;
}
