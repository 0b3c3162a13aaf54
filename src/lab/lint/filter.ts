import type { Value } from '../../topology/resources.ts';

type Policy = { readonly [name: string]: Value };

const isObject = (value: Value): value is Policy =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What one list of conditions, any of which must hold, leaves possible for a value. */
type Allowed = { values: ReadonlySet<string> } | 'anything' | 'absent' | 'nothing';

/**
 * Why a filter policy can match no message, or undefined when it can (SNS Developer Guide, "Amazon SNS subscription filter
 * policies"): a range that holds no number, or two conditions about one key that exclude each other.
 */
export function contradiction(policy: Value): string | undefined {
  if (!isObject(policy)) return undefined;
  return conflict([conditionsOf(policy, '')], { left: MOST_COMBINATIONS });
}

interface Conditions {
  own: [path: string, allowed: Allowed][];
  /** Of each list one member must hold: `$or`. */
  alternatives: Conditions[][];
}

function conditionsOf(policy: Policy, path: string): Conditions {
  const found: Conditions = { own: [], alternatives: [] };
  for (const [name, value] of Object.entries(policy)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (name === '$or' && Array.isArray(value)) {
      found.alternatives.push((value as Value[]).filter(isObject).map((each) => conditionsOf(each, path)));
    } else if (Array.isArray(value)) found.own.push([at, allowedBy(value as Value[])]);
    else if (isObject(value)) {
      const inner = conditionsOf(value, at);
      found.own.push(...inner.own);
      found.alternatives.push(...inner.alternatives);
    }
  }
  return found;
}

// On AWS a policy has at most 150 combinations (SNS Developer Guide, "Filter policy constraints").
const MOST_COMBINATIONS = 1_000;

/** All of `sets` together; alternatives are tried one by one. */
function conflict(sets: readonly Conditions[], budget: { left: number }): string | undefined {
  if (--budget.left < 0) return undefined;
  const seen = new Map<string, Allowed>();
  for (const [path, allowed] of sets.flatMap(({ own }) => own)) {
    if (allowed === 'nothing') return `${path}: no value is in the range`;
    const both = together(seen.get(path) ?? 'anything', allowed, seen.has(path));
    if (both === 'nothing') return `${path}: its conditions exclude each other`;
    seen.set(path, both);
  }
  const [first, ...rest] = sets.flatMap(({ alternatives }) => alternatives);
  if (first === undefined) return undefined;
  const base = sets.map(({ own }) => ({ own, alternatives: [] as Conditions[][] }));
  const others = { own: [], alternatives: rest };
  let reason: string | undefined;
  for (const alternative of first) {
    reason = conflict([...base, others, alternative], budget);
    if (reason === undefined) return undefined;
  }
  return reason;
}

function together(one: Allowed, other: Allowed, isSecond: boolean): Allowed {
  if (!isSecond) return other;
  if (one === 'absent' || other === 'absent') return one === other ? one : 'nothing';
  if (one === 'anything' || one === 'nothing') return one === 'nothing' ? one : other;
  if (other === 'anything' || other === 'nothing') return other === 'nothing' ? other : one;
  const values = [...one.values].filter((value) => other.values.has(value));
  return values.length === 0 ? 'nothing' : { values: new Set(values) };
}

function allowedBy(rules: readonly Value[]): Allowed {
  const values = rules.filter((rule) => typeof rule !== 'object').map((rule) => JSON.stringify(rule));
  const operators = rules.filter(isObject);
  if (operators.length === 0) return { values: new Set(values) };
  if (values.length === 0 && operators.every(isEmptyRange)) return 'nothing';
  if (values.length === 0 && operators.every(({ exists }) => exists === false)) return 'absent';
  // Absent or some value: anything that is said besides may still hold.
  return 'anything';
}

function isEmptyRange({ numeric }: Policy): boolean {
  if (!Array.isArray(numeric)) return false;
  let [least, most, open] = [-Infinity, Infinity, false];
  for (let index = 0; index + 1 < numeric.length; index += 2) {
    const [operator, limit] = [String(numeric[index]), Number(numeric[index + 1])];
    if (operator.startsWith('>') || operator === '=') least = Math.max(least, limit);
    if (operator.startsWith('<') || operator === '=') most = Math.min(most, limit);
    if (operator === '>' || operator === '<') open = true;
  }
  return least > most || (least === most && open);
}

/** Message attributes without which a filter policy on attributes cannot match. */
export function neededAttributes(policy: Value): string[] {
  if (!isObject(policy)) return [];
  return Object.entries(policy).flatMap(([name, rules]) => {
    if (name === '$or' || !Array.isArray(rules)) return [];
    // Absence fulfils `exists: false`, and nothing else.
    return (rules as Value[]).some((rule) => isObject(rule) && rule.exists === false) ? [] : [name];
  });
}
