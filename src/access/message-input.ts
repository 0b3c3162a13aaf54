import { readFile, stat } from 'node:fs/promises';
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import { collect, completing, filePath } from '../cli/arguments.ts';
import { CliffracerError } from '../errors.ts';
import { withValues } from '../lab/queues/body.ts';
import type { AttributeText } from '../lab/queues/port.ts';

export interface BodyOptions {
  body?: string;
  file?: string;
  set?: string[];
}

/** SQS and SNS take 1 MiB; a file that is larger is a mistake. */
const LARGEST = 1024 * 1024;

export const bodyOptions = (): Option[] => [
  new Option('--body <text>', 'the body'),
  new Option('--file <path>', 'the body, from a file').argParser(filePath),
  new Option('--set <path=value>', 'sets a value in a JSON body, as items.0.sku=mug; may be repeated').argParser(
    collect,
  ),
];

export const bodyArgument = () => new Argument('[source]', '- reads the body from standard input').argParser(dash);

function dash(text: string): '-' {
  if (text === '-') return text;
  throw new InvalidArgumentError('It can only be -, for standard input.');
}

/** The body that the options name; rejects with `usage` for none or several, and for a file that cannot be read. */
export async function bodyOf(app: App, source: string | undefined, options: BodyOptions): Promise<string> {
  const given = [options.body !== undefined, options.file !== undefined, source !== undefined].filter(Boolean).length;
  if (given > 1) throw new CliffracerError('usage', 'give one of --body, --file and -', { hint: '--body TEXT' });
  if (given === 0 && options.set === undefined) {
    throw new CliffracerError('usage', 'the body is missing', { hint: 'give --body TEXT, --file PATH, or -' });
  }
  const text = options.body ?? (await (options.file === undefined ? fromStdin(app, source) : fromFile(options.file)));
  return withValues(text, options.set ?? []);
}

export async function fromFile(path: string): Promise<string> {
  const refuse = (why: string) =>
    new CliffracerError('usage', `${JSON.stringify(path)} ${why}`, { hint: 'give the path of a text file' });
  const found = await stat(path).catch((error: { code?: string }) => {
    throw refuse(`cannot be read: ${error.code ?? 'unknown error'}`);
  });
  if (!found.isFile()) throw refuse('is no file');
  if (found.size > LARGEST) throw refuse(`has ${found.size} bytes, and a message at most ${LARGEST}`);
  return readFile(path, 'utf8');
}

async function fromStdin(app: App, source: string | undefined): Promise<string> {
  if (source === undefined) return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of app.io.stdin) {
    chunks.push(Buffer.from(chunk as Buffer));
    bytes += chunks.at(-1)!.length;
    if (bytes > LARGEST) {
      throw new CliffracerError('usage', `standard input has more than ${LARGEST} bytes`, { hint: 'send less' });
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `name=value`, a String, or `name:Number=5`. */
export const attributeOption = () =>
  new Option(
    '--attribute <name=value>',
    'an attribute, name:Number=5 for one that is no String; may be repeated',
  ).argParser(completing([], attribute));

function attribute(text: string, before: Record<string, AttributeText> = {}): Record<string, AttributeText> {
  const found = /^([^=:]+)(?::((?:String|Number|Binary)(?:\.[^=]*)?))?=(.*)$/s.exec(text);
  if (found === null) throw new InvalidArgumentError('It must be name=value, or name:Number=5.');
  return { ...before, [found[1]!]: { type: found[2] ?? 'String', value: found[3]! } };
}
