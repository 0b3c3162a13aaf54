import { MAX_VALUES } from './bodies.ts';

/** An element: its name without prefix, its attributes as written, its text and its children. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  text: string;
  children: XmlElement[];
}

/** Not well-formed, or using what a request has no use for (a DTD and its entities). */
export class XmlSyntaxError extends Error {}

const MAX_DEPTH = 64;
/** Of a reference: an ampersand, and more than any number that stands for a character. */
const LONGEST_REFERENCE = 16;
const NO_ATTRIBUTES: XmlElement['attributes'] = new Map();
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const NAME_BEGINS = /[A-Za-z_:]/;
const IN_NAMES = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.:-]/.test(String.fromCharCode(code)) ? 1 : 0));
const SPACE = /[\t\n\r ]*/y;
const ATTRIBUTE = /[\t\n\r ]+([A-Za-z_:][\w.:-]*)[\t\n\r ]*=[\t\n\r ]*(?:"([^"<]*)"|'([^'<]*)')/y;

/**
 * Parses a document into its root element: a small strict parser in one pass. A document type declaration is refused,
 * and with it every entity but XML's own five, so nothing expands and nothing outside is read.
 */
export function parseXml(text: string): XmlElement {
  const parser = new Parser(text);
  parser.skipMisc();
  const root = parser.element(0);
  parser.skipMisc();
  if (!parser.atEnd) throw new XmlSyntaxError('content after the root element');
  return root;
}

/** The text of a document, line ends made one character (XML 1.0, 2.11). */
export function xmlText(body: Buffer): string {
  if (!body.includes('\r\n')) return body.toString();
  let length = 0;
  const kept = Buffer.allocUnsafe(body.length);
  for (let at = 0; at < body.length; at++) {
    if (body[at] !== CARRIAGE_RETURN || body[at + 1] !== LINE_FEED) kept[length++] = body[at]!;
  }
  return kept.toString('utf8', 0, length);
}

class Parser {
  readonly #text: string;
  #at: number;
  /** Elements, attributes, references and all else that is marked up. */
  #marks = 0;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** White space, comments and processing instructions (the XML declaration is one). */
  skipMisc(): void {
    for (;;) {
      this.#match(SPACE);
      if (this.#text.startsWith('<?', this.#at)) this.#skipPast('?>');
      else if (this.#text.startsWith('<!--', this.#at)) this.#skipPast('-->');
      else return;
    }
  }

  element(depth: number): XmlElement {
    this.#count();
    if (depth > MAX_DEPTH) throw new XmlSyntaxError('elements are nested too deeply');
    if (this.#text[this.#at] !== '<') throw new XmlSyntaxError('an element is expected');
    this.#at++;
    const fullName = this.#name();
    if (fullName === '') throw new XmlSyntaxError('an element name is expected');
    const attributes = this.#attributes();
    const element: XmlElement = { name: localName(fullName), attributes, text: '', children: [] };
    if (attributes !== NO_ATTRIBUTES) this.#match(SPACE);
    if (this.#text.startsWith('/>', this.#at)) {
      this.#at += 2;
      return element;
    }
    if (this.#text[this.#at] !== '>') throw new XmlSyntaxError(`the tag <${fullName}> is not closed`);
    this.#at++;
    this.#content(element, fullName, depth);
    return element;
  }

  #attributes(): XmlElement['attributes'] {
    const next = this.#text[this.#at];
    if (next === '>' || next === '/') return NO_ATTRIBUTES;
    const attributes = new Map<string, string>();
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      this.#count();
      if (attributes.has(match[1]!)) throw new XmlSyntaxError(`the attribute ${match[1]} is given twice`);
      attributes.set(match[1]!, this.#resolve(match[2] ?? match[3] ?? ''));
    }
    return attributes;
  }

  #content(element: XmlElement, fullName: string, depth: number): void {
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) throw new XmlSyntaxError(`<${fullName}> is not closed`);
      if (next > this.#at) element.text += this.#resolve(this.#text.slice(this.#at, next));
      this.#at = next;
      if (this.#text.startsWith('</', next)) {
        this.#endTag(fullName);
        return;
      }
      if (this.#text.startsWith('<!--', next)) this.#skipPast('-->');
      else if (this.#text.startsWith('<![CDATA[', next)) element.text += this.#skipPast(']]>').slice(9, -3);
      else if (this.#text.startsWith('<?', next)) this.#skipPast('?>');
      else element.children.push(this.element(depth + 1));
    }
  }

  #endTag(fullName: string): void {
    this.#at += 2;
    if (this.#text.startsWith(`${fullName}>`, this.#at)) {
      this.#at += fullName.length + 1;
      return;
    }
    const name = this.#name();
    this.#match(SPACE);
    if (name !== fullName || this.#text[this.#at] !== '>') throw new XmlSyntaxError(`<${fullName}> is not closed`);
    this.#at++;
  }

  #count(): void {
    if (++this.#marks > MAX_VALUES) throw new XmlSyntaxError(`it has more than ${MAX_VALUES} elements and references`);
  }

  #skipPast(mark: string): string {
    this.#count();
    const end = this.#text.indexOf(mark, this.#at);
    if (end < 0) throw new XmlSyntaxError(`${mark} is missing`);
    const skipped = this.#text.slice(this.#at, end + mark.length);
    this.#at = end + mark.length;
    return skipped;
  }

  #resolve(text: string): string {
    let resolved = '';
    let from = 0;
    for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', from)) {
      this.#count();
      const near = text.slice(at + 1, at + LONGEST_REFERENCE);
      const name = near.slice(0, Math.max(0, near.indexOf(';')));
      const known = PREDEFINED.get(name) ?? numeric(name);
      if (known === undefined) throw new XmlSyntaxError(`the reference &${name}; is not known`);
      resolved += text.slice(from, at) + known;
      from = at + name.length + 2;
    }
    return from === 0 ? text : resolved + text.slice(from);
  }

  /** Empty when none stands here. */
  #name(): string {
    const start = this.#at;
    let at = start;
    while (IN_NAMES[this.#text.charCodeAt(at)] === 1) at++;
    const name = this.#text.slice(start, at);
    if (!NAME_BEGINS.test(name.charAt(0))) return '';
    this.#at = at;
    return name;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function numeric(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0) return undefined;
  return String.fromCodePoint(code);
}
