import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import { count, filePath, seconds } from '../cli/arguments.ts';
import { type Breakpoint, breakpoint } from '../debugger/breakpoint.ts';
import type { Action, Controller } from '../debugger/controller.ts';
import type { Debuggee, ShownMessage } from '../debugger/model.ts';
import type { SessionOptions } from '../debugger/session-options.ts';
import { CliffracerError } from '../errors.ts';
import { DEFAULT_TIMEOUT_S } from './laboratory.ts';
import { fromFile } from './message-input.ts';

/** Flags of `debug` and `drain --step`: what the keys do, for those who have no terminal. */
export interface DebugFlags {
  break?: Breakpoint[];
  until?: Breakpoint;
  handle?: boolean;
  leave?: boolean;
  twice?: boolean;
  failCall?: number;
  deadLetter?: boolean;
  edit?: string;
  undo?: boolean;
  run?: boolean;
  continue?: boolean;
  max?: number;
  timeout?: number;
}

export function debugFlags(command: Command): Command {
  return command
    .addOption(new Option('--break <expr>', 'stop where this holds only; may be repeated').argParser(expressions))
    .addOption(new Option('--until <expr>', 'do not stop until this holds').argParser(expression))
    .addOption(new Option('--handle', 'at each stop, without asking: deliver the message'))
    .addOption(new Option('--leave', 'at each stop: leave it in its queue'))
    .addOption(new Option('--twice', 'at each stop: deliver it twice'))
    .addOption(new Option('--fail-call <n>', 'at each stop: make the nth call of the delivery fail').argParser(count))
    .addOption(new Option('--dead-letter', 'at each stop: move it to the dead-letter queue'))
    .addOption(new Option('--edit <file>', 'at each stop: it gets the body in this file first').argParser(filePath))
    .addOption(new Option('--undo', 'after each stop: bring the state from before back, and leave the message'))
    .addOption(new Option('--run', 'at each stop: deliver it and all that belong to it'))
    .addOption(new Option('--continue', 'at each stop: go on to the next breakpoint'));
}

export const timeoutFlag = () =>
  new Option('--timeout <s>', `seconds that a consumer has to take a message (default ${DEFAULT_TIMEOUT_S})`).argParser(
    seconds,
  );

function expression(text: string): Breakpoint {
  try {
    return breakpoint(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is no expression: ${(error as Error).message}.`);
  }
}

const expressions = (text: string, before: Breakpoint[] | undefined): Breakpoint[] => [
  ...(before ?? []),
  expression(text),
];

const WAYS = ['leave', 'deadLetter', 'run', 'continue'] as const;
const CHANGES = ['twice', 'failCall', 'edit', 'undo'] as const;
const NAMES: Readonly<Record<string, string>> = { deadLetter: '--dead-letter', failCall: '--fail-call' };
const nameOf = (flag: string) => NAMES[flag] ?? `--${flag}`;

export const hasAction = (flags: DebugFlags): boolean =>
  flags.handle === true || [...WAYS, ...CHANGES].some((flag) => flags[flag] !== undefined);

/** Refuses flags that contradict each other, and stops that nobody is there to be asked at. */
export function checkFlags(app: App, flags: DebugFlags): void {
  const ways = [...(flags.handle ? ['handle'] : []), ...WAYS.filter((flag) => flags[flag] !== undefined)];
  if (ways.length > 1) refuse(ways[0]!, ways[1]!);
  const change = CHANGES.find((flag) => flags[flag] !== undefined && !(flag === 'edit' && ways[0] === 'run'));
  if (change !== undefined && ways.length > 0 && ways[0] !== 'handle') refuse(ways[0]!, change);
  if (hasAction(flags) || app.prompt.available) return;
  const message = 'each message is asked about, and there is no terminal to ask on';
  const hint =
    'say what is done with each: --handle, --twice, --fail-call N, --leave, --dead-letter, --run, --continue';
  throw new CliffracerError('needs_terminal', message, { hint });
}

function refuse(one: string, other: string): never {
  const message = `${nameOf(one)} and ${nameOf(other)} do not go together`;
  throw new CliffracerError('usage', message, { hint: 'give one of them' });
}

/** The keys in a terminal; the flags where one of them says what to do. */
export async function controllerOf(app: App, flags: DebugFlags, debuggee: Debuggee): Promise<Controller> {
  if (hasAction(flags)) return byFlags(flags, debuggee);
  const { keyController } = await import('../questions/debug-keys.ts');
  return keyController(app, (message: ShownMessage, body: string) => debuggee.show({ ...message, body }, true));
}

async function byFlags(flags: DebugFlags, { abilities }: Debuggee): Promise<Controller> {
  const body = flags.edit === undefined ? {} : { body: await fromFile(flags.edit) };
  for (const [flag, ability] of [
    ['twice', 'twice'],
    ['failCall', 'fail'],
    ['undo', 'undo'],
  ] as const) {
    if (flags[flag] === undefined || abilities.has(ability)) continue;
    const message = `${nameOf(flag)} is a feature of the embedded engine`;
    throw new CliffracerError('unsupported', message, { hint: 'cliffracer up --engine embedded --port 0' });
  }
  const action = actionOf(flags, body);
  return {
    async decide({ deadLetterQueue, message }) {
      if (action.kind !== 'dead_letter' || deadLetterQueue !== null) return action;
      throw new CliffracerError('conflict', `${message.queue} has no dead-letter queue`, { hint: 'cliffracer lint' });
    },
  };
}

function actionOf(flags: DebugFlags, body: { body?: string }): Action {
  if (flags.leave) return { kind: 'leave' };
  if (flags.deadLetter) return { kind: 'dead_letter' };
  if (flags.run) return { kind: 'run', ...body };
  if (flags.continue) return { kind: 'continue' };
  return {
    kind: 'deliver',
    ...body,
    ...(flags.twice && { twice: true }),
    ...(flags.failCall !== undefined && { failCall: flags.failCall }),
    ...(flags.undo && { undo: true }),
  };
}

export function sessionOptions(app: App, flags: DebugFlags): SessionOptions {
  return {
    breakpoints: flags.break ?? [],
    ...(flags.until && { until: { breakpoint: flags.until, ends: hasAction(flags) } }),
    ...(flags.max !== undefined && { max: flags.max }),
    asks: !hasAction(flags),
    signal: app.signal,
    elapsed: () => app.clock.now(),
  };
}
