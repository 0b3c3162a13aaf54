import { CliffracerError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from './value.ts';

// CloudFormation User Guide, "Understand CloudFormation quotas": a template in S3 has at most 1 MB.
const LARGEST = 1024 * 1024;
const DEEPEST = 100;
/** Aliases count each time: a few lines of them can stand for billions of nodes. */
const MOST_NODES = 200_000;

/** Reads a template, JSON or YAML, from text. Throws `invalid_input` that names the file and, for YAML, line and column. */
export async function parseTemplate(text: string, file: string): Promise<JsonObject> {
  if (Buffer.byteLength(text) > LARGEST) throw refuse(file, 'is larger than 1 MiB, the most that CloudFormation takes');
  const value = /^\s*\{/.test(text) ? readJson(text, file) : await readYaml(text, file);
  if (!isObject(value) || !isObject(value.Resources)) throw refuse(file, 'has no section Resources');
  return value;
}

const refuse = (file: string, why: string, cause?: unknown) =>
  new CliffracerError('invalid_input', `template ${file} ${why}`, {
    hint: 'see docs/templates.md for what a template can hold',
    ...(cause !== undefined && { cause }),
  });

function readJson(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(file, `is no JSON: ${(error as Error).message}`, error);
  }
  return checked(file, (budget) => plain(value, budget, 0));
}

/** Counts nodes down. */
interface Budget {
  nodes: number;
}

class TooMuch extends Error {}

function checked(file: string, read: (budget: Budget) => Json): Json {
  try {
    return read({ nodes: MOST_NODES });
  } catch (error) {
    if (error instanceof RangeError) throw refuse(file, `is nested deeper than ${DEEPEST} levels`, error);
    if (error instanceof TooMuch) throw refuse(file, error.message, error);
    throw error;
  }
}

function spend(budget: Budget, depth: number): void {
  if (depth > DEEPEST) throw new TooMuch(`is nested deeper than ${DEEPEST} levels`);
  if (--budget.nodes < 0)
    throw new TooMuch(`has more than ${MOST_NODES.toLocaleString('en')} values, aliases written out`);
}

function plain(value: unknown, budget: Budget, depth: number): Json {
  spend(budget, depth);
  if (Array.isArray(value)) return value.map((each) => plain(each, budget, depth + 1));
  if (!isObject(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, budget, depth + 1)]));
}

async function readYaml(text: string, file: string): Promise<Json> {
  // CommonJS: bundled, and in every Node.js, the whole of it is the default export.
  const { default: yaml } = await import('yaml');
  const lines = new yaml.LineCounter();
  const tokens = [...new yaml.Parser(lines.addNewLine).parse(text)];
  // The composer calls itself for each level, and V8 ends the whole process when a pattern is compiled at the stack's end.
  if (isDeeper(tokens, DEEPEST * 3)) throw refuse(file, `is nested deeper than ${DEEPEST} levels`);
  const [document, second] = [...new yaml.Composer({ logLevel: 'silent' }).compose(tokens, true, text.length)];
  if (document === undefined || second !== undefined) throw refuse(file, 'is not one YAML document');
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.message.split('\n')[0]!;
    throw refuse(file, `is no YAML: ${message} (line ${line}, column ${col})`, error);
  }

  // Looking an alias up goes through the whole document.
  const targets = new Map<unknown, unknown>();
  const read = (node: unknown, budget: Budget, depth: number): Json => {
    spend(budget, depth);
    if (yaml.isAlias(node)) {
      if (!targets.has(node)) targets.set(node, node.resolve(document));
      return read(targets.get(node), budget, depth + 1);
    }
    if (yaml.isMap(node)) {
      const entries = node.items.map(({ key, value }): [string, Json] => [
        String(yaml.isScalar(key) ? key.value : key),
        read(value, budget, depth + 1),
      ]);
      return short(node.tag, Object.fromEntries(entries));
    }
    if (yaml.isSeq(node)) {
      return short(
        node.tag,
        node.items.map((each) => read(each, budget, depth + 1)),
      );
    }
    return yaml.isScalar(node) ? short(node.tag, scalar(node)) : null;
  };
  return checked(file, (budget) => read(document.contents, budget, 0));
}

/** Whether tokens hold each other to more than so many levels; without calling itself. */
function isDeeper(tokens: readonly unknown[], limit: number): boolean {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((token) => {
      const { items, key, value } = token as { items?: unknown[]; key?: unknown; value?: unknown };
      return [...(items ?? []), key, value].filter((each) => typeof each === 'object' && each !== null);
    });
  }
  return false;
}

/** Digits that a number would change (an account id that begins with 0, a version as 1.0) stay text. */
function scalar({ value, source }: { value: unknown; source?: string | undefined }): Json {
  if (typeof value === 'number' && source !== undefined && String(value) !== source) return source;
  return typeof value === 'bigint' ? String(source ?? value) : (value as Json);
}

/** `!Ref name` is `{"Ref": "name"}`, `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`, any other `!Name x` is `{"Fn::Name": x}`. */
function short(tag: string | undefined, value: Json): Json {
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name !== 'GetAtt' || typeof value !== 'string') return { [`Fn::${name}`]: value };
  const dot = value.indexOf('.');
  return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
}
