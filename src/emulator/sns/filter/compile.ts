import { readConditions } from './conditions.ts';
import type { FilterPolicy, FilterScope, Leaf } from './policy.ts';
import { PolicyError, PolicyReader } from './reader.ts';

/** A branch of the policy under construction: leaves by path. */
type Rule = Map<string, Leaf>;

// Developer Guide, Filter policy constraints.
const MAX_COMBINATIONS = 150;
const MAX_KEYS = 5;
const MAX_BYTES = 256 * 1024;
const TOO_COMPLEX = 'Filter policy is too complex';
const OPERATORS = new Set([
  'exactly',
  'prefix',
  'suffix',
  'numeric',
  'anything-but',
  'exists',
  'cidr',
  'equals-ignore-case',
  'wildcard',
]);

/** Compiles a FilterPolicy attribute; throws PolicyError in SNS's words. `{}` accepts every message. */
export function compileFilterPolicy(text: string, scope: FilterScope): FilterPolicy {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new PolicyError('FilterPolicy: Filter policy is too large');
  const policy = readPolicy(text);
  checkScope(policy, scope);
  checkComplexity(policy, scope);
  return policy;
}

/** A policy with nested keys looks at the message body only. */
export function checkScope(policy: FilterPolicy, scope: FilterScope): void {
  if (scope === 'MessageAttributes' && policy.nested) {
    throw new PolicyError('Filter policy scope MessageAttributes does not support nested filter policy');
  }
}

function readPolicy(text: string): FilterPolicy {
  if (/^\s*\{\s*\}\s*$/.test(text)) return { rules: [], nested: false };
  const reader = new PolicyReader(text);
  try {
    if (reader.next() !== 'start-object') reader.fail('Filter is not an object');
    const rules = readObject(reader, [new Map()], [], false);
    if (reader.next() !== 'end') reader.fail('Filter is not an object');
    const leaves = rules.map((rule) => [...rule.values()]);
    return { rules: leaves, nested: leaves.some((rule) => rule.some((leaf) => leaf.depth > 1)) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyError(`FilterPolicy: ${reader.syntaxError ? 'failed to parse JSON. ' : ''}${error.message}`);
  }
}

/** Reads an object after its brace, adding what it asks for to every rule of `rules`. */
function readObject(reader: PolicyReader, rules: Rule[], path: readonly string[], insideOr: boolean): Rule[] {
  let current = rules;
  let empty = true;
  for (let token = reader.next(); token !== 'end-object'; token = reader.next()) {
    empty = false;
    const name = reader.fieldName;
    if (name === '$or') {
      current = readOr(reader, current, path);
      continue;
    }
    if (insideOr && OPERATORS.has(name)) {
      reader.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const value = reader.next();
    if (value === 'start-object') current = readObject(reader, current, [...path, name], insideOr);
    else if (value === 'start-array') {
      const leaf = { path: [...path, name].join('.'), depth: path.length + 1, conditions: readConditions(reader) };
      for (const rule of current) rule.set(leaf.path, leaf);
    } else reader.fail(`"${name}" must be an object or an array`);
  }
  if (empty) reader.fail('Empty objects are not allowed');
  return current;
}

/** `"$or": [{...}, {...}]` forks every rule once per alternative. */
function readOr(reader: PolicyReader, rules: readonly Rule[], path: readonly string[]): Rule[] {
  if (reader.next() !== 'start-array') reader.fail('It must be an Array followed with $or.');
  const forked: Rule[] = [];
  let alternatives = 0;
  for (let token = reader.next(); token !== 'end-array'; token = reader.next()) {
    alternatives++;
    if (token !== 'start-object') reader.fail('Only JSON object is allowed in array of $or relationship.');
    const copies = rules.map((rule) => new Map(rule));
    forked.push(...readObject(reader, copies, path, true));
    // Every rule is one combination at least: forking on would only cost memory.
    if (forked.length > MAX_COMBINATIONS) throw new PolicyError(TOO_COMPLEX);
  }
  if (alternatives < 2) reader.fail('There must have at least 2 Objects in $or relationship.');
  return forked;
}

/**
 * Combinations multiply the number of values of each key of a rule, times its level of nesting in the scope MessageBody,
 * and add up over the rules that `$or` makes. Of nested keys only the topmost count towards the limit of five.
 */
function checkComplexity(policy: FilterPolicy, scope: FilterScope): void {
  const keys = new Set<string>();
  let combinations = 0;
  for (const rule of policy.rules) {
    let product = 1;
    for (const leaf of rule) {
      keys.add(scope === 'MessageBody' && leaf.depth > 1 ? leaf.path.split('.')[0]! : leaf.path);
      product *= leaf.conditions.length * (scope === 'MessageBody' ? leaf.depth : 1);
    }
    combinations += product;
  }
  if (keys.size > MAX_KEYS) {
    throw new PolicyError(`FilterPolicy: Filter policy can not have more than ${MAX_KEYS} keys`);
  }
  if (combinations > MAX_COMBINATIONS) throw new PolicyError(`FilterPolicy: ${TOO_COMPLEX}`);
}
