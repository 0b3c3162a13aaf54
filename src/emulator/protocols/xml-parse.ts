/** An element: its name without prefix, its attributes as written, its text and its children. */
export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  text: string;
  children: XmlElement[];
}

/** Not well-formed, or using what a request has no use for (a DTD and its entities). */
export class XmlSyntaxError extends Error {}

const MAX_DEPTH = 64;
const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const NAME = /[A-Za-z_:][\w.:-]*/y;
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

class Parser {
  readonly #text: string;
  #at: number;

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
    if (depth > MAX_DEPTH) throw new XmlSyntaxError('elements are nested too deeply');
    if (this.#text[this.#at] !== '<') throw new XmlSyntaxError('an element is expected');
    this.#at++;
    const fullName = this.#match(NAME)?.[0] ?? '';
    if (fullName === '') throw new XmlSyntaxError('an element name is expected');
    const attributes = this.#attributes();
    const element: XmlElement = { name: localName(fullName), attributes, text: '', children: [] };
    this.#match(SPACE);
    if (this.#text.startsWith('/>', this.#at)) {
      this.#at += 2;
      return element;
    }
    if (this.#text[this.#at] !== '>') throw new XmlSyntaxError(`the tag <${fullName}> is not closed`);
    this.#at++;
    this.#content(element, fullName, depth);
    return element;
  }

  #attributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      if (attributes.has(match[1]!)) throw new XmlSyntaxError(`the attribute ${match[1]} is given twice`);
      attributes.set(match[1]!, resolveReferences(match[2] ?? match[3] ?? ''));
    }
    return attributes;
  }

  #content(element: XmlElement, fullName: string, depth: number): void {
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) throw new XmlSyntaxError(`<${fullName}> is not closed`);
      if (next > this.#at) element.text += resolveReferences(this.#text.slice(this.#at, next).replaceAll('\r\n', '\n'));
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
    const name = this.#match(NAME)?.[0];
    this.#match(SPACE);
    if (name !== fullName || this.#text[this.#at] !== '>') throw new XmlSyntaxError(`<${fullName}> is not closed`);
    this.#at++;
  }

  #skipPast(mark: string): string {
    const end = this.#text.indexOf(mark, this.#at);
    if (end < 0) throw new XmlSyntaxError(`${mark} is missing`);
    const skipped = this.#text.slice(this.#at, end + mark.length);
    this.#at = end + mark.length;
    return skipped;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function resolveReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,32};)?/g, (_whole, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? '';
    const known = PREDEFINED.get(name) ?? numeric(name);
    if (known === undefined) throw new XmlSyntaxError(`the reference &${name}; is not known`);
    return known;
  });
}

function numeric(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0) return undefined;
  return String.fromCodePoint(code);
}
