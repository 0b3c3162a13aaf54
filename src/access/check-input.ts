import { basename, dirname, resolve } from 'node:path';
import type { App } from '../app.ts';
import { schemaFault } from '../config/check.ts';
import { MESSAGES } from '../config/schema.ts';
import type { Scenario, ScenarioMessage } from '../config/types.ts';
import { PROJECT_FILE, type ProjectFile } from '../engines/project-file.ts';
import { CliffracerError } from '../errors.ts';
import type { Invariant } from '../lab/check/invariants.ts';
import type { Sending } from '../lab/check/world.ts';
import { type Consumer, consumersOf } from '../lab/consumers/consumer.ts';
import { fromFile } from './message-input.ts';

export interface CheckSources {
  /** Names of the configuration's. */
  names: readonly string[];
  /** Behind `--`. */
  command: readonly string[];
  /** Its name among the callers. */
  as?: string;
  /** Consumers that are at work already. */
  running?: true;
  /** Files of messages, or of a body. */
  message?: readonly string[];
  /** Where bodies from files go. */
  queue?: string;
}

/** What is to be checked, from the command line and the configuration. */
export interface CheckInput {
  /** Empty: what polls already. */
  consumers: Consumer[];
  scenario: readonly Sending[] | { command: readonly string[]; folder: string } | undefined;
  invariants: Record<string, Invariant>;
  correlate: readonly string[];
}

export async function checkInput(app: App, sources: CheckSources): Promise<CheckInput> {
  const project = await app.project();
  const consumers = chosenConsumers(app, project, sources);
  const { invariants, correlate = [] } = project?.members ?? {};
  return {
    consumers,
    scenario: await scenarioOf(sources, consumers, project),
    invariants: invariants === undefined ? {} : await loadInvariants(app, project!, invariants),
    correlate: [correlate].flat(),
  };
}

function chosenConsumers(app: App, project: ProjectFile | undefined, sources: CheckSources): Consumer[] {
  const { names, command, as, running } = sources;
  const known =
    project === undefined ? [] : consumersOf(project.members.consumers, dirname(project.path), project.refuse);
  const unknown = names.find((name) => !known.some((consumer) => consumer.name === name));
  if (unknown !== undefined) {
    const there = known.length === 0 ? 'none' : known.map(({ name }) => name).join(', ');
    throw new CliffracerError('invalid_input', `there is no consumer ${JSON.stringify(unknown)}; there are ${there}`, {
      hint: `write it into ${PROJECT_FILE}, or give its command: cliffracer check -- COMMAND`,
    });
  }
  const chosen = known.filter(({ name }) => names.includes(name));
  if (command.length > 0) {
    const name = as ?? basename(command[0]!).replace(/[^\w.-]/g, '-');
    return [...chosen, { kind: 'command', name, directory: app.system.cwd(), env: {}, command }];
  }
  return names.length > 0 || running === true ? chosen : known;
}

async function scenarioOf(
  { message: files = [], queue }: CheckSources,
  consumers: readonly Consumer[],
  project: ProjectFile | undefined,
): Promise<CheckInput['scenario']> {
  if (files.length > 0) return (await Promise.all(files.map((file) => messagesIn(file, queue, consumers)))).flat();
  const scenario = project?.members.scenario as Scenario | undefined;
  if (scenario === undefined) return undefined;
  if ('command' in scenario) return { command: scenario.command, folder: dirname(project!.path) };
  return scenario.messages.map(sending);
}

/** A list of messages as in the configuration's scenario, one of them, or a body. */
async function messagesIn(file: string, queue: string | undefined, consumers: readonly Consumer[]): Promise<Sending[]> {
  const text = await fromFile(file);
  const value = parsed(text);
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every(isAddressed)) {
    const fault = schemaFault(MESSAGES, list, [basename(file)]);
    if (fault !== undefined) throw new CliffracerError('invalid_input', `${file}: ${fault.why}`);
    return (list as ScenarioMessage[]).map(sending);
  }
  const to = queue ?? onlyQueue(consumers);
  if (to !== undefined) return [{ queue: to, body: text }];
  throw new CliffracerError('usage', `${file} does not say which queue its message is for`, {
    hint: 'give --queue NAME, or write {"queue": "NAME", "body": ...} into it',
  });
}

function onlyQueue(consumers: readonly Consumer[]): string | undefined {
  const queues = new Set(consumers.map((each) => (each.kind === 'handler' ? each.queue : undefined)));
  return queues.size === 1 ? [...queues][0] : undefined;
}

const isAddressed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'body' in value && ('queue' in value || 'topic' in value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const sending = ({ body, ...message }: ScenarioMessage): Sending => ({
  ...message,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

async function loadInvariants(app: App, project: ProjectFile, file: string): Promise<Record<string, Invariant>> {
  const refuse = (why: string) => project.refuse(['invariants'], `invariants: ${file} ${why}`);
  const module = await app.system.importModule(resolve(dirname(project.path), file)).catch((error: Error) => {
    throw refuse(`cannot be loaded: ${error.message.split('\n')[0]}`);
  });
  const found = Object.entries({ ...module, ...membersOf((module as { default?: unknown }).default) });
  const functions = found.filter(([name, value]) => name !== 'default' && typeof value === 'function');
  if (functions.length === 0) throw refuse('exports no functions');
  return Object.fromEntries(functions) as Record<string, Invariant>;
}

/** A CommonJS module's exports, or an object of functions as the default export. */
const membersOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
