/**
 * An ordered map in plain data: a B+ tree of string keys. Everything that DynamoDB keeps in order lives in one (items
 * by partition and sort key, index entries, expiry times), so that a write, a lookup and the start of a page cost
 * the logarithm of what is stored, and a snapshot needs no code of its own. Leaves are not linked: a chain of them would
 * overflow the stack of a structured clone.
 */
export interface Tree<V> {
  root: Node<V>;
  size: number;
}

type Node<V> = Leaf<V> | Branch<V>;

interface Leaf<V> {
  keys: string[];
  values: V[];
}

/** `keys[i]` is not above any key under `nodes[i]`, and above every key under `nodes[i - 1]`; `keys[0]` is not read. */
interface Branch<V> {
  keys: string[];
  nodes: Node<V>[];
}

const MOST_KEYS = 64;
const FEW_KEYS = 16;

export function createTree<V>(): Tree<V> {
  return { root: { keys: [], values: [] }, size: 0 };
}

export function getEntry<V>(tree: Tree<V>, key: string): V | undefined {
  let node = tree.root;
  while ('nodes' in node) node = node.nodes[childOf(node, key)]!;
  const at = lowerBound(node.keys, key);
  return node.keys[at] === key ? node.values[at] : undefined;
}

/** Adds or replaces the entry of `key`. */
export function setEntry<V>(tree: Tree<V>, key: string, value: V): void {
  const split = insert(tree, tree.root, key, value);
  if (split !== undefined) tree.root = { keys: ['', split.key], nodes: [tree.root, split.node] };
}

export function deleteEntry<V>(tree: Tree<V>, key: string): void {
  remove(tree, tree.root, key);
  while ('nodes' in tree.root && tree.root.nodes.length === 1) tree.root = tree.root.nodes[0]!;
}

/** Keys from `low` on, up to but without `high`; without bounds where a bound is undefined. */
export interface KeyRange {
  low: string | undefined;
  high: string | undefined;
}

/** Visits entries in the order of their keys (or the reverse) until `visit` returns false. */
export function walkTree<V>(
  tree: Tree<V>,
  range: KeyRange,
  reverse: boolean,
  visit: (key: string, value: V) => boolean,
): void {
  walk(tree.root, range, reverse, visit);
}

function walk<V>(node: Node<V>, range: KeyRange, reverse: boolean, visit: (key: string, value: V) => boolean): boolean {
  if ('nodes' in node) {
    const first = range.low === undefined ? 0 : childOf(node, range.low);
    const last = range.high === undefined ? node.nodes.length - 1 : childOf(node, range.high);
    return each(first, last, reverse, (at) => walk(node.nodes[at]!, range, reverse, visit));
  }
  const start = range.low === undefined ? 0 : lowerBound(node.keys, range.low);
  const end = range.high === undefined ? node.keys.length : lowerBound(node.keys, range.high);
  return each(start, end - 1, reverse, (at) => visit(node.keys[at]!, node.values[at]!));
}

/** Counts from `first` to `last`, or back, until `visit` returns false; tells whether it never did. */
function each(first: number, last: number, reverse: boolean, visit: (at: number) => boolean): boolean {
  if (reverse) {
    for (let at = last; at >= first; at--) if (!visit(at)) return false;
  } else {
    for (let at = first; at <= last; at++) if (!visit(at)) return false;
  }
  return true;
}

/** Position of the first key that is not below `key`. */
function lowerBound(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childOf<V>(branch: Branch<V>, key: string): number {
  let low = 1;
  let high = branch.keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (branch.keys[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function insert<V>(tree: Tree<V>, node: Node<V>, key: string, value: V): { key: string; node: Node<V> } | undefined {
  if ('nodes' in node) {
    const at = childOf(node, key);
    const split = insert(tree, node.nodes[at]!, key, value);
    if (split === undefined) return undefined;
    node.keys.splice(at + 1, 0, split.key);
    node.nodes.splice(at + 1, 0, split.node);
    if (node.nodes.length <= MOST_KEYS) return undefined;
    const cut = cutOf(node.keys.length, at + 1);
    const right = { keys: node.keys.splice(cut), nodes: node.nodes.splice(cut) };
    return { key: right.keys[0]!, node: right };
  }
  const at = lowerBound(node.keys, key);
  if (node.keys[at] === key) {
    node.values[at] = value;
    return undefined;
  }
  tree.size++;
  node.keys.splice(at, 0, key);
  node.values.splice(at, 0, value);
  if (node.keys.length <= MOST_KEYS) return undefined;
  const cut = cutOf(node.keys.length, at);
  const right = { keys: node.keys.splice(cut), values: node.values.splice(cut) };
  return { key: right.keys[0]!, node: right };
}

/** Half and half, except where keys arrive in order: then the full node stays full. */
function cutOf(length: number, insertedAt: number): number {
  return insertedAt === length - 1 ? insertedAt : length >> 1;
}

function remove<V>(tree: Tree<V>, node: Node<V>, key: string): void {
  if (!('nodes' in node)) {
    const at = lowerBound(node.keys, key);
    if (node.keys[at] !== key) return;
    tree.size--;
    node.keys.splice(at, 1);
    node.values.splice(at, 1);
    return;
  }
  const at = childOf(node, key);
  remove(tree, node.nodes[at]!, key);
  if (node.nodes[at]!.keys.length >= FEW_KEYS) return;
  if (at > 0) join(node, at - 1);
  else if (node.nodes.length > 1) join(node, at);
}

/** Joins a child with its right neighbour when both fit into one node. */
function join<V>(branch: Branch<V>, at: number): void {
  const left = branch.nodes[at]!;
  const right = branch.nodes[at + 1]!;
  if (left.keys.length + right.keys.length > MOST_KEYS) return;
  if ('nodes' in left && 'nodes' in right) {
    left.keys.push(branch.keys[at + 1]!, ...right.keys.slice(1));
    left.nodes.push(...right.nodes);
  } else if ('values' in left && 'values' in right) {
    left.keys.push(...right.keys);
    left.values.push(...right.values);
  }
  branch.keys.splice(at + 1, 1);
  branch.nodes.splice(at + 1, 1);
}
