import type { Path } from './check.ts';

/** A JSON document, and the line of each of its members. */
export interface LocatedJson {
  value: unknown;
  /** Of the member, or of the nearest that holds it. */
  lineOf(path: Path): number;
}

type Refuse = (line: number, why: string) => Error;

const TOKEN =
  /[ \t\r\n]+|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,])/y;

interface Token {
  text: string;
  line: number;
}

const DEEPEST = 64;

/** Reads one JSON object and keeps the line of each member, which JSON.parse does not tell. */
export function parseLocated(source: string, refuse: Refuse): LocatedJson {
  const reader = new Reader(tokenise(source.replace(/^\ufeff/, ''), refuse), refuse);
  const value = reader.document();
  return {
    value,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length--) {
        const line = reader.lines.get(JSON.stringify(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

class Reader {
  readonly lines = new Map<string, number>();
  readonly #tokens: readonly Token[];
  readonly #refuse: Refuse;
  #at = 0;

  constructor(tokens: readonly Token[], refuse: Refuse) {
    this.#tokens = tokens;
    this.#refuse = refuse;
  }

  document(): unknown {
    this.#expect('{');
    const value = this.#object([]);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#refuse(rest.line, `nothing may follow the last "}", found ${rest.text}`);
    return value;
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined)
      throw this.#refuse(this.#tokens.at(-1)?.line ?? 1, `the file ends where ${wanted} should stand`);
    return token;
  }

  #expect(mark: string): Token {
    const token = this.#next(`"${mark}"`);
    if (token.text !== mark) throw this.#refuse(token.line, `expected "${mark}", found ${token.text}`);
    return token;
  }

  #value(path: Path): unknown {
    const token = this.#next('a value');
    if (path.length > DEEPEST) throw this.#refuse(token.line, `nested deeper than ${DEEPEST} levels`);
    if (token.text === '{') return this.#object(path);
    if (token.text === '[') return this.#list(path);
    if (/^[}\]:,]$/.test(token.text)) throw this.#refuse(token.line, `expected a value, found ${token.text}`);
    return JSON.parse(token.text);
  }

  #object(path: Path): unknown {
    // No prototype: a member may have any name.
    const members: Record<string, unknown> = Object.create(null);
    for (let first = true; this.#tokens[this.#at]?.text !== '}'; first = false) {
      if (!first) this.#expect(',');
      const what = path.length === 0 ? 'a setting' : 'a member';
      const key = this.#next(what);
      if (!key.text.startsWith('"'))
        throw this.#refuse(key.line, `expected the name of ${what} in quotes, found ${key.text}`);
      const name = JSON.parse(key.text) as string;
      if (Object.hasOwn(members, name)) throw this.#refuse(key.line, `${name} is set twice`);
      this.#expect(':');
      const place = [...path, name];
      this.lines.set(JSON.stringify(place), key.line);
      members[name] = this.#value(place);
    }
    this.#expect('}');
    return members;
  }

  #list(path: Path): unknown {
    const elements: unknown[] = [];
    while (this.#tokens[this.#at]?.text !== ']') {
      if (elements.length > 0) this.#expect(',');
      const place = [...path, elements.length];
      const line = this.#tokens[this.#at]?.line;
      if (line !== undefined) this.lines.set(JSON.stringify(place), line);
      elements.push(this.#value(place));
    }
    this.#expect(']');
    return elements;
  }
}

function tokenise(source: string, refuse: Refuse): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) {
      const word = /^\S*/.exec(source.slice(at, at + 20))?.[0];
      throw refuse(line, `this is no JSON: ${JSON.stringify(word)}`);
    }
    if (match[1] !== undefined) tokens.push({ text: match[1], line });
    line += match[0].split('\n').length - 1;
  }
  return tokens;
}
