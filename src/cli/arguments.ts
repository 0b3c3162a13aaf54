import { Argument, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../duration.ts';

/** Parsers for commander's arguments: each names what it wants when it refuses. */
function integer(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

export const count = (text: string): number => integer(text, 1, 1_000_000);
/** Calls of the log that are told at once. */
export const pageOfCalls = (text: string): number => integer(text, 1, 10_000);
/** Calls in the engine's log: more would not fit into its bytes. */
export const callCount = (text: string): number => integer(text, 0, 1_000_000);
/** A seed: any whole number that a double holds exactly. */
export const wholeNumber = (text: string): number => integer(text, 0, Number.MAX_SAFE_INTEGER);
export const port = (text: string): number => integer(text, 1, 65_535);
/** Of what is to be started: 0 stands for any that is free. */
export const portOrAny = (text: string): number => integer(text, 0, 65_535);

/** Seconds, fractions allowed: `30`, `0.5`, or with a unit as `30s` and `2m`. */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (parseDuration(text) ?? Number.NaN) / 1000;
  if (!(value <= 86_400)) throw new InvalidArgumentError('It must be seconds, from 0 to 86400.');
  return value;
}

/** `30s`, `15m`, `1h`, `7d`: milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('It must be a length of time such as 30s, 15m, 1h or 7d.');
  return ms;
}

/**
 * What the shell may complete a value with: a closed list, or a name for what is looked up when the user presses Tab.
 */
export type Completes =
  | readonly string[]
  | 'orders'
  | 'products'
  | 'customers'
  | 'snapshots'
  | 'queues'
  | 'dead_letters'
  | 'faults'
  | 'files';

/** A parser of commander's that also says what the shell may complete. */
export type Completing<Parser> = Parser & { completes: Completes };

export const completing = <Given extends unknown[], Value>(
  completes: Completes,
  parser: (...given: Given) => Value,
): Completing<(...given: Given) => Value> => Object.assign((...given: Given) => parser(...given), { completes });

/** AWS takes no longer key (DynamoDB: 2,048 bytes; S3 keys and log messages hold more than the id). */
const LONGEST_ID = 512;

/** Taken as it is, and judged where it is used, as long as it can be a key at all; empty ones are refused for all commands. */
export function identifier(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST_ID) return text;
  throw new InvalidArgumentError(`It must have at most ${LONGEST_ID} bytes.`);
}

const identifierOf = (what: Completes) => completing(what, (text: string) => identifier(text));

export const orderId = identifierOf('orders');
export const customerId = identifierOf('customers');
export const snapshotName = identifierOf('snapshots');
export const queueName = identifierOf('queues');
/** An order that a command is about; `which` finds out which. */
export const orderArgument = (what = 'order id, its beginning, or @last') =>
  new Argument('[id]', `${what}; left out, a list asks`).argParser(orderId);
export const snapshotArgument = () =>
  new Argument('[name]', 'name of the snapshot, its beginning, or @last; left out, a list asks').argParser(
    snapshotName,
  );
export const filePath = completing('files', (text: string): string => {
  if (text === '') throw new InvalidArgumentError('It must be a path, and is empty.');
  return text;
});

/** One of a closed list. */
export const oneOf = <T extends string>(values: readonly T[]): Completing<(text: string) => T> =>
  completing(values, (text: string): T => {
    if (!values.includes(text as T)) throw new InvalidArgumentError(`It must be one of: ${values.join(', ')}.`);
    return text as T;
  });

/** A comma-separated list of members of a closed list. */
export const listOf = <T extends string>(values: readonly T[]): Completing<(text: string) => T[]> =>
  completing(values, (text: string): T[] => text.split(',').map((part) => oneOf(values)(part.trim())));

/** Collects an option that may be given several times. */
export const collect = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), text];
/** The items of an order, as given; `parseItem` reads them. */
export const itemList = completing('products', (text: string, before: readonly string[] | undefined) =>
  collect(text, before),
);

/** Collects what a repeatable option is given. */
export const appended = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** What goes with templates, for every command that takes them. */
export const templateOptions = (template: string): Option[] => [
  new Option(
    '--template <file>',
    `${template} what a CloudFormation, SAM or CDK template declares; repeatable`,
  ).argParser(appended),
  new Option('--parameter <name=value>', 'value of a parameter of the template; repeatable').argParser(appended),
  new Option(
    '--stack-name <name>',
    "the template's stack, by default named after its file; one for each template",
  ).argParser(appended),
  new Option('--skip-unknown', 'leave out what is not known of a template, and list it'),
];
