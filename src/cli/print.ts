import type { Environment } from '../environment.ts';
import type { CliffracerError, Remedy } from '../errors.ts';
import { type Palette, PLAIN, type View, type ViewContext } from '../views/context.ts';
import { reflow } from '../views/reflow.ts';
import { commandOf, hintText } from '../views/remedy.ts';
import { escaped, safe, UNSAFE_IN_JSON } from '../views/text.ts';
import { colourLevel, type Io, type OutputStream, widthOf, writeText } from './io.ts';

export interface PrintOptions {
  io: Io;
  env: Environment;
  json: boolean;
  noColour: boolean;
  /** Completes the commands that hints and notes name. */
  hint(text: string): string;
  now(): number;
}

/** Writes results to stdout and everything else to stderr, as text or as JSON. */
export class Printer {
  readonly #options: PrintOptions;
  readonly #contexts = new Map<OutputStream, Promise<ViewContext>>();

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  get json(): boolean {
    return this.#options.json;
  }

  /** The result of a command: the view's text, or one JSON document. */
  async result<T>(data: T, view: View<T>, keys: Keys = snakeCase): Promise<void> {
    const { stdout } = this.#options.io;
    if (this.json) return writeText(stdout, `${jsonText(keys(data), stdout.isTTY ? 2 : undefined)}\n`);
    await this.#text(stdout, view, data);
  }

  /** One fact of a stream: a line of text, or one JSON object a line. */
  async fact<T>(fact: T, view: View<T>, keys: Keys = snakeCase): Promise<void> {
    const { stdout } = this.#options.io;
    if (this.json) return writeText(stdout, `${jsonText(keys(fact))}\n`);
    await this.#text(stdout, view, fact);
  }

  /** A result that another program reads, as JSON or a diagram: its lines stay as they are. */
  async document<T>(data: T, view: View<T>, keys: Keys = snakeCase): Promise<void> {
    if (this.json) return this.result(data, view, keys);
    await this.raw(`${view(data, await this.context(this.#options.io.stdout))}\n`);
  }

  /** Exactly this text on stdout, as for `env`. */
  raw(text: string): Promise<void> {
    return writeText(this.#options.io.stdout, text);
  }

  /** Progress, hints and warnings: on stderr, and nowhere under `--json`. */
  async note<T>(data: T, view: View<T>): Promise<void> {
    if (this.json) return;
    await this.#text(this.#options.io.stderr, (facts: T, context) => this.#options.hint(view(facts, context)), data);
  }

  /** No line is wider than the terminal. */
  async #text<T>(stream: OutputStream, view: View<T>, data: T): Promise<void> {
    const context = await this.context(stream);
    const text = view(data, context);
    if (text !== '') await writeText(stream, `${reflow(text, context.width)}\n`);
  }

  async error(error: CliffracerError, debug: boolean): Promise<void> {
    const { io } = this.#options;
    const hint = error.hint === undefined ? undefined : this.#options.hint(hintText(error.hint));
    if (this.json) await writeText(io.stdout, `${jsonText(errorDocument(error, hint))}\n`);
    else await this.#text(io.stderr, errorView, { ...error, message: error.message, hint });
    if (debug) await writeText(io.stderr, `${stacks(error)}\n`);
  }

  context(stream: OutputStream): Promise<ViewContext> {
    let context = this.#contexts.get(stream);
    if (context === undefined) {
      context = this.#makeContext(stream);
      this.#contexts.set(stream, context);
    }
    return context.then((made) => ({ ...made, now: this.#options.now() }));
  }

  async #makeContext(stream: OutputStream): Promise<ViewContext> {
    const level = colourLevel(stream, this.#options.env, this.#options.noColour);
    return {
      paint: level === 0 ? PLAIN : await colours(level),
      width: widthOf(stream),
      now: this.#options.now(),
      terminal: stream.isTTY === true,
    };
  }
}

async function colours(level: 1 | 2 | 3): Promise<Palette> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  const names = Object.keys(PLAIN) as (keyof Palette)[];
  // One argument each: chalk joins all that it is given, and what paints a table's cell is also given its row.
  return Object.fromEntries(names.map((name) => [name, (text: string) => chalk[name](text)])) as unknown as Palette;
}

/** The same document to every reader of JSON; on a terminal, none of its strings acts. */
function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE_IN_JSON, escaped);
}

const errorView: View<Pick<CliffracerError, 'message' | 'details'> & { hint: string | undefined }> = (
  { message, details, hint },
  { paint },
) =>
  [
    `${paint.red('error:')} ${safe(message)}`,
    ...details.map((line) => paint.dim(`  | ${safe(line)}`)),
    ...(hint === undefined ? [] : [`${paint.dim('try:')} ${safe(hint)}`]),
  ].join('\n');

function errorDocument(error: CliffracerError, hint: string | undefined) {
  const { code, message, retryable, details } = error;
  return {
    error: {
      code,
      message,
      hint,
      retryable,
      ...(details.length > 0 && { details }),
    },
  };
}

function stacks(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stacks(error.cause)}` : '';
  return safe(error.stack ?? error.message).replaceAll('\\u000a', '\n') + cause.replaceAll('\\u000a', '\n');
}

/** What becomes of the keys of a document in JSON. */
type Keys = (value: unknown) => unknown;

/** For documents with items and inputs of other programs, whose names are theirs; the program's own are written in snake_case. */
export const KEYS_AS_THEY_ARE: Keys = (value) => value;

/**
 * Keys of the program's own objects in snake_case; keys that hold anything but a plain camelCase name stay. A remedy that is
 * data is the command line that it stands for.
 */
export function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (value === null || typeof value !== 'object') return value;
  const renamed = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'remedy' && typeof member === 'object') {
      renamed.command = commandOf(member as Remedy);
      continue;
    }
    const name = /^[a-z][a-zA-Z0-9]*$/.test(key)
      ? key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
      : key;
    renamed[name] = snakeCase(member);
  }
  return renamed;
}
