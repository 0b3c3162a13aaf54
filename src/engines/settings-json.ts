/** One member of the project file. */
export interface Member {
  key: string;
  value: string | number | boolean | null;
  line: number;
}

type Refuse = (line: number, why: string) => Error;

const TOKEN =
  /[ \t\r\n]+|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,])/y;

interface Token {
  text: string;
  line: number;
}

/**
 * Reads one flat JSON object and keeps the line of each member, which JSON.parse does not tell. The project file needs no
 * more, and a reader of JSON with positions would be slower to load than the whole program is to start.
 */
export function parseSettings(source: string, refuse: Refuse): Member[] {
  const tokens = tokenise(source.replace(/^\ufeff/, ''), refuse);
  let at = 0;
  const last = () => tokens.at(-1)?.line ?? 1;
  const next = (wanted: string): Token => {
    const token = tokens[at++];
    if (token === undefined) throw refuse(last(), `the file ends where ${wanted} should stand`);
    return token;
  };
  const expect = (mark: string): Token => {
    const token = next(`"${mark}"`);
    if (token.text !== mark) throw refuse(token.line, `expected "${mark}", found ${token.text}`);
    return token;
  };
  expect('{');
  const members: Member[] = [];
  while (tokens[at]?.text !== '}') {
    if (members.length > 0) expect(',');
    const key = next('a setting');
    if (!key.text.startsWith('"'))
      throw refuse(key.line, `expected the name of a setting in quotes, found ${key.text}`);
    expect(':');
    const value = next('a value');
    if (/^[{}[\]:,]$/.test(value.text)) throw refuse(value.line, `expected a text or a number, found ${value.text}`);
    members.push({ key: JSON.parse(key.text), value: JSON.parse(value.text), line: key.line });
  }
  expect('}');
  const rest = tokens[at];
  if (rest !== undefined) throw refuse(rest.line, `nothing may follow the last "}", found ${rest.text}`);
  return members;
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
