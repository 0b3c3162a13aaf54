import { AwsError } from '../core/errors.ts';
import { MAX_VALUES, tooManyValues } from './bodies.ts';

/** Parameters as a tree: `Attribute.1.Name=x` is Attribute -> 1 -> Name -> x. Maps, because names come from clients. */
export interface ParamNode {
  value: string | undefined;
  children: Map<string, ParamNode> | undefined;
}

const MAX_DEPTH = 32;

export function newNode(): ParamNode {
  return { value: undefined, children: undefined };
}

const PLUS = 0x2b;
const SPACE = 0x20;

/** The text of a form, in which a plus is a space; found in the bytes, where a million of them cost nothing. */
export function formText(body: Buffer): string {
  let at = body.indexOf(PLUS);
  if (at < 0) return body.toString();
  const spaced = Buffer.from(body);
  for (; at < spaced.length; at++) if (spaced[at] === PLUS) spaced[at] = SPACE;
  return spaced.toString();
}

/** Adds the pairs of a form or query string to a tree; pluses are spaces already. */
export function readParams(text: string, root: ParamNode): void {
  let left = MAX_VALUES;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      const equals = text.indexOf('=', start);
      const split = equals < 0 || equals > end ? end : equals;
      left -= setParam(root, decode(text.slice(start, split)), decode(text.slice(Math.min(split + 1, end), end)));
      if (left < 0) throw tooManyValues();
    }
    start = end + 1;
  }
}

/** Gives how many parts the name has. */
function setParam(root: ParamNode, name: string, value: string): number {
  let node = root;
  let depth = 0;
  for (let start = 0; start <= name.length; ) {
    let end = name.indexOf('.', start);
    if (end < 0) end = name.length;
    if (++depth > MAX_DEPTH) throw malformed('a parameter name has too many parts');
    const part = name.slice(start, end);
    node.children ??= new Map();
    let child = node.children.get(part);
    if (child === undefined) {
      child = newNode();
      node.children.set(part, child);
    }
    node = child;
    start = end + 1;
  }
  node.value = value;
  return depth;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('a parameter is not percent-encoded UTF-8');
  }
}

function malformed(detail: string): AwsError {
  return new AwsError('MalformedQueryString', `The query string is malformed: ${detail}.`, { status: 400 });
}

/** Children with positions for names, in their order. Gaps close up, as they do at AWS. */
export function numbered(node: ParamNode): ParamNode[] {
  if (node.children === undefined) return [];
  const found: [number, ParamNode][] = [];
  for (const [name, child] of node.children) if (/^\d{1,9}$/.test(name)) found.push([Number(name), child]);
  return found.sort((a, b) => a[0] - b[0]).map(([, child]) => child);
}
