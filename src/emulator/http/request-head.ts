/** The head of an HTTP/1.1 request (RFC 9112), read strictly: what may be meant in two ways is refused. */
export interface RequestHead {
  method: string;
  /** Path and query as sent, in origin form. */
  url: string;
  /** Lower-case names; values as they came, one character a byte. */
  headers: Record<string, string | undefined>;
  /** Bytes of the body; undefined for a chunked one. */
  length: number | undefined;
  /** Whether the client may send another request on the connection. */
  keepAlive: boolean;
  /** The client waits for leave to send its body. */
  expectsContinue: boolean;
}

/** Why a request cannot be answered, as a status of HTTP. */
export type HeadRefusal = { status: 400 | 417 };

const REQUEST_LINE = /^([A-Z]{1,20}) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([01])$/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** No control characters but tabs; a line of a head has no line ends in it. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** Of these the first counts; other headers that come twice are one list. */
const SINGLE = new Set([
  ...['authorization', 'content-type', 'user-agent', 'expires', 'etag', 'last-modified', 'proxy-authorization'],
  ...['if-modified-since', 'if-unmodified-since', 'from', 'referer', 'max-forwards', 'age', 'location'],
]);
/** These decide where a request ends and for whom it is. */
const ONLY_ONCE = new Set(['host', 'content-length', 'transfer-encoding']);

const MALFORMED: HeadRefusal = { status: 400 };

interface RequestLine {
  text: string;
  method: string;
  target: string;
  /** HTTP/1.0. */
  isOld: boolean;
}

interface HeaderLine {
  text: string;
  /** In lower case. */
  name: string;
  value: string;
}

/** The latest head of a connection, line by line: clients repeat most of it, and what is the same is not read again. */
export class LatestHead {
  // A line keeps the head that it is part of: these bounds are what a client can make a connection keep.
  static readonly longest = 4096;
  static readonly mostLines = 32;
  requestLine: RequestLine | undefined;
  headerLines: HeaderLine[] = [];
}

/** `text` is everything before the empty line, one character a byte. */
export function parseHead(text: string, before = new LatestHead()): RequestHead | HeadRefusal {
  const latest = text.length > LatestHead.longest ? new LatestHead() : before;
  const firstEnd = text.indexOf('\r\n');
  const line = requestLine(firstEnd < 0 ? text : text.slice(0, firstEnd), latest);
  if (line === undefined) return MALFORMED;
  const { method, isOld } = line;
  const headers = firstEnd < 0 ? {} : readHeaders(text, firstEnd + 2, latest.headerLines);
  if (headers === undefined) return MALFORMED;
  if (headers.host === undefined && !isOld) return MALFORMED;
  const length = bodyLength(headers, isOld);
  if (length === null) return MALFORMED;
  const { expect } = headers;
  if (expect !== undefined && expect !== '' && expect.toLowerCase() !== '100-continue') return { status: 417 };
  const url = originForm(line.target, headers);
  if (url === undefined) return MALFORMED;
  const expectsContinue = expect !== undefined && expect !== '' && !isOld;
  return { method, url, headers, length, keepAlive: staysOpen(headers.connection, isOld), expectsContinue };
}

function requestLine(text: string, latest: LatestHead): RequestLine | undefined {
  if (text === latest.requestLine?.text) return latest.requestLine;
  const [, method, target, minor] = REQUEST_LINE.exec(text) ?? [];
  if (method === undefined || method === 'CONNECT') return undefined;
  latest.requestLine = { text, method, target: target!, isOld: minor === '0' };
  return latest.requestLine;
}

function readHeaders(text: string, start: number, latest: HeaderLine[]): RequestHead['headers'] | undefined {
  const headers: RequestHead['headers'] = {};
  let index = 0;
  for (let at = start; at < text.length; index++) {
    let end = text.indexOf('\n', at) - 1;
    if (end < 0) end = text.length;
    else if (text.charCodeAt(end) !== CARRIAGE_RETURN) return undefined;
    const given = text.slice(at, end);
    let line = latest[index];
    if (line?.text !== given) {
      line = headerLine(given);
      if (line === undefined) return undefined;
      if (index < LatestHead.mostLines) latest[index] = line;
    }
    const { name, value } = line;
    const present = headers[name];
    // Names that every object has (`constructor`) are no headers yet.
    if (typeof present !== 'string') headers[name] = value;
    else if (ONLY_ONCE.has(name)) return undefined;
    else if (!SINGLE.has(name)) headers[name] = `${present}, ${value}`;
    at = end + 2;
  }
  latest.length = Math.min(index, LatestHead.mostLines);
  return headers;
}

function headerLine(text: string): HeaderLine | undefined {
  const colon = text.indexOf(':');
  if (colon < 0 || !VALUE.test(text.slice(colon))) return undefined;
  const given = text.slice(0, colon);
  if (!NAME.test(given)) return undefined;
  return { text, name: given.toLowerCase(), value: trimmed(text, colon + 1, text.length) };
}

/** Without spaces and tabs around it, and no other character: bytes of UTF-8 may look like a space elsewhere. */
function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isBlank = (code: number) => code === SPACE || code === TAB;

/** Null for a framing that is none, or two at once. */
function bodyLength(headers: RequestHead['headers'], isOld: boolean): number | undefined | null {
  const declared = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    return declared === undefined && !isOld && encoding.toLowerCase() === 'chunked' ? undefined : null;
  }
  if (declared === undefined) return 0;
  return /^\d{1,15}$/.test(declared) ? Number(declared) : null;
}

function staysOpen(connection: string | undefined, isOld: boolean): boolean {
  if (connection === undefined) return !isOld;
  const asked = connection.toLowerCase();
  return isOld ? asked === 'keep-alive' : !asked.split(',').some((option) => option.trim() === 'close');
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)([^#]*)$/i;

/**
 * The path and query of a request line, whose host counts when it has one (RFC 9112, 3.2.2): a proxy's client sends
 * the whole URL. Undefined when it is neither.
 */
export function originForm(target: string, headers: RequestHead['headers']): string | undefined {
  if (target.startsWith('/')) return target;
  const [, authority, rest] = ABSOLUTE_FORM.exec(target) ?? [];
  if (authority === undefined || rest === undefined) return undefined;
  headers.host = authority;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
