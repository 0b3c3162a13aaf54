import { addressDigits } from './ip-address.ts';
import { compareNumbers } from './numeric.ts';
import type { Condition, FilterPolicy, Leaf, Scalar } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

const MAX_DEPTH = 1000;

/** Whether a message with these attribute values passes (Developer Guide, Subscription filter policies). */
export function matchesAttributes(policy: FilterPolicy, attributes: ReadonlyMap<string, readonly Scalar[]>): boolean {
  if (policy.rules.length === 0) return true;
  return policy.rules.some((rule) =>
    rule.every((leaf) => {
      const values = attributes.get(leaf.path);
      if (values === undefined || values.length === 0) return leaf.conditions.some(wantsAbsence);
      return values.some((value) => matchesAny(leaf.conditions, value));
    }),
  );
}

/**
 * Whether a message body passes. Only a JSON object can. Names join by dots on both sides, arrays match when one element
 * does, and keys nested below one array must be met by the same element.
 */
export function matchesBody(policy: FilterPolicy, body: unknown): boolean {
  if (policy.rules.length === 0) return true;
  if (!isObject(body)) return false;
  return policy.rules.some((rule) => {
    const required = rule.filter((leaf) => !(leaf.conditions.some(wantsAbsence) && !isPresent(body, leaf)));
    return (
      required.length === 0 || matchesNode(required.length === rule.length ? treeOf(rule) : grow(required), body, 0)
    );
  });
}

/** A rule as a tree over the names of its paths. */
interface Node {
  children: Map<string, Node>;
  conditions: readonly Condition[] | undefined;
}

// Derived from the state, so kept outside of it; rules are never changed in place.
const trees = new WeakMap<readonly Leaf[], Node>();

function treeOf(rule: readonly Leaf[]): Node {
  let tree = trees.get(rule);
  if (tree === undefined) {
    tree = grow(rule);
    trees.set(rule, tree);
  }
  return tree;
}

function grow(rule: readonly Leaf[]): Node {
  const root: Node = { children: new Map(), conditions: undefined };
  for (const leaf of rule) {
    let node = root;
    for (const name of leaf.path.split('.')) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = { children: new Map(), conditions: undefined };
        node.children.set(name, child);
      }
      node = child;
    }
    node.conditions = leaf.conditions;
  }
  return root;
}

function matchesNode(node: Node, value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((element) => matchesNode(node, element, depth + 1));
  if (!isObject(value)) {
    return node.children.size === 0 && node.conditions !== undefined && matchesAny(node.conditions, value as Scalar);
  }
  if (node.conditions !== undefined) return false;
  for (const [name, child] of node.children) {
    if (!valuesAt(value, name).some((found) => matchesNode(child, found, depth + 1))) return false;
  }
  return true;
}

function isPresent(body: unknown, leaf: Leaf): boolean {
  return matchesNode(grow([{ ...leaf, conditions: [{ op: 'exists', value: true }] }]), body, 0);
}

/** What stands at a name, whether the key is spelled out (`{"a": {"b": 1}}`) or joined (`{"a.b": 1}`). */
function valuesAt(value: Record<string, unknown>, name: string): unknown[] {
  const own = Object.hasOwn(value, name) ? [value[name]] : [];
  const prefix = `${name}.`;
  const joined = Object.keys(value).filter((key) => key.startsWith(prefix));
  if (joined.length === 0) return own;
  const below = Object.fromEntries(joined.map((key) => [key.slice(prefix.length), value[key]]));
  const [first] = own;
  return isObject(first) ? [{ ...first, ...below }] : [...own, below];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wantsAbsence = (condition: Condition) => condition.op === 'exists' && !condition.value;

const matchesAny = (conditions: readonly Condition[], value: Scalar) =>
  conditions.some((condition) => holds(condition, value));

/** Whether a condition holds for a value that is there. */
function holds(condition: Condition, value: Scalar): boolean {
  switch (condition.op) {
    case 'exact':
      return isSame(condition.value, value);
    case 'exists':
      return condition.value;
    case 'numeric':
      return typeof value === 'number' && isInRange(condition, value);
    case 'anything-but':
      return !condition.values.some((excluded) => isSame(excluded, value));
    case 'not':
      return !condition.any.some((excluded) => holds(excluded, value));
    default:
      return typeof value === 'string' && holdsForText(condition, value);
  }
}

function holdsForText(
  condition: Extract<Condition, { op: 'prefix' | 'suffix' | 'equals-ignore-case' | 'wildcard' | 'cidr' }>,
  text: string,
): boolean {
  switch (condition.op) {
    case 'prefix':
      return text.startsWith(condition.value);
    case 'suffix':
      return text.endsWith(condition.value);
    case 'equals-ignore-case':
      return text.toLowerCase() === condition.value.toLowerCase();
    case 'wildcard':
      return matchesWildcard(condition.parts, text);
    case 'cidr': {
      const digits = addressDigits(text);
      return digits?.length === condition.low.length && digits >= condition.low && digits <= condition.high;
    }
  }
}

const isSame = (a: Scalar, b: Scalar) =>
  typeof a === 'number' && typeof b === 'number' ? compareNumbers(a, b) === 0 : a === b;

function isInRange(range: Extract<Condition, { op: 'numeric' }>, value: number): boolean {
  if (range.low !== undefined) {
    const order = compareNumbers(value, range.low);
    if (order < 0 || (order === 0 && range.lowOpen)) return false;
  }
  if (range.high !== undefined) {
    const order = compareNumbers(value, range.high);
    if (order > 0 || (order === 0 && range.highOpen)) return false;
  }
  return true;
}
