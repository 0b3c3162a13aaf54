import { compiler, reaches } from '../../models/compile.ts';
import type { ServiceModel, Shape } from '../../models/model.ts';

/** A constraint of the model that a value does not meet. */
export interface Violation {
  /** Names from the input down to the value: members as the model spells them, positions from 1, keys of maps. */
  path: Step[];
  value: unknown;
  kind: 'required' | 'length' | 'range' | 'enum' | 'pattern';
  /** What AWS says of it, beginning with "Member must ...". */
  says: string;
}

export type Step = { member: string } | { index: number } | { key: string };

/** Undefined when all is well, which is nearly always: no list is made then. */
type Check = (value: unknown) => Violation[] | undefined;

/** Which constraints AWS itself does not enforce, or enforces in words of its own. */
export type Unenforced = (shape: Shape, name: string, kind: Violation['kind']) => boolean;

const nothing: Check = () => undefined;

/** Compiles the model's constraints; shapes without any, all the way down, are not visited. */
export function constraintChecker(
  model: ServiceModel,
  unenforced: Unenforced,
): (shape: string, value: unknown) => Violation[] | undefined {
  const needed = new Map<string, boolean>();
  const isNeeded = (name: string) => {
    const known = needed.get(name) ?? reaches(model, name, (shape, at) => isConstrained(shape, at, unenforced));
    needed.set(name, known);
    return known;
  };
  const of = compiler<[unknown], Violation[] | undefined>((name, inner) =>
    checkOf(model.shape(name), name, (target) => (isNeeded(target) ? inner(target) : nothing), unenforced),
  );
  return (shape, value) => (isNeeded(shape) ? of(shape)(value) : undefined);
}

function kinds(shape: Shape): Violation['kind'][] {
  const found: Violation['kind'][] = [];
  if (shape.required?.length) found.push('required');
  if (shape.min !== undefined || shape.max !== undefined) found.push(boundKind(shape));
  if (shape.enum) found.push('enum');
  if (shape.pattern) found.push('pattern');
  return found;
}

function isConstrained(shape: Shape, name: string, unenforced: Unenforced): boolean {
  return kinds(shape).some((kind) => !unenforced(shape, name, kind));
}

const isNumber = (shape: Shape) => shape.type === 'integer' || shape.type === 'long' || shape.type === 'double';
const boundKind = (shape: Shape) => (isNumber(shape) ? 'range' : 'length');

function checkOf(shape: Shape, name: string, of: (name: string) => Check, unenforced: Unenforced): Check {
  const own = ownChecks(shape, name, unenforced);
  switch (shape.type) {
    case 'structure':
      return structureCheck(shape, unenforced(shape, name, 'required') ? [] : (shape.required ?? []), of);
    case 'list':
      return listCheck(own, of(shape.member!.shape));
    case 'map':
      return mapCheck(own, of(shape.key!.shape), of(shape.value!.shape));
    default:
      return own;
  }
}

function structureCheck(shape: Shape, required: readonly string[], of: (name: string) => Check): Check {
  const members = Object.entries(shape.members ?? {})
    .map(([name, member]) => ({ name, check: of(member.shape), required: required.includes(name) }))
    .filter(({ check, required }) => required || check !== nothing);
  return (value) => {
    const given = value as Record<string, unknown>;
    let found: Violation[] | undefined;
    for (const { name, check, required } of members) {
      const inside = given[name];
      if (inside === undefined) {
        if (required) found = [...(found ?? []), missing(name)];
      } else found = gather(found, check(inside), { member: name });
    }
    return found;
  };
}

const missing = (member: string): Violation => ({
  path: [{ member }],
  value: null,
  kind: 'required',
  says: 'Member must not be null',
});

function listCheck(own: Check, check: Check): Check {
  if (check === nothing) return own;
  return (value) => {
    let found = own(value);
    const given = value as unknown[];
    for (let index = 0; index < given.length; index++) {
      found = gather(found, check(given[index]), { index: index + 1 });
    }
    return found;
  };
}

function mapCheck(own: Check, checkKey: Check, checkValue: Check): Check {
  return (value) => {
    let found = own(value);
    const given = value as Record<string, unknown>;
    for (const key in given) {
      const badKey = checkKey(key);
      if (badKey !== undefined) found = [...(found ?? []), ...badKey.map((one) => ({ ...one, path: [{ key }] }))];
      found = gather(found, checkValue(given[key]), { key });
    }
    return found;
  };
}

function gather(found: Violation[] | undefined, more: Violation[] | undefined, step: Step): Violation[] | undefined {
  if (more === undefined) return found;
  for (const violation of more) violation.path.unshift(step);
  return found === undefined ? more : [...found, ...more];
}

function ownChecks(shape: Shape, name: string, unenforced: Unenforced): Check {
  const enforced = kinds(shape).filter((kind) => !unenforced(shape, name, kind));
  const checks = enforced.flatMap((kind) => {
    if (kind === 'length' || kind === 'range') return boundChecks(shape, kind);
    if (kind === 'enum') return [enumCheck(shape.enum!)];
    return kind === 'pattern' ? [patternCheck(shape.pattern!)] : [];
  });
  if (checks.length === 0) return nothing;
  if (checks.length === 1) return checks[0]!;
  return (value) => {
    const found = checks.flatMap((check) => check(value) ?? []);
    return found.length === 0 ? undefined : found;
  };
}

function boundChecks(shape: Shape, kind: 'length' | 'range'): Check[] {
  const measure = kind === 'range' ? (value: unknown) => value as number : lengthOf;
  const says = kind === 'range' ? 'Member must have value' : 'Member must have length';
  const { min, max } = shape;
  const checks: Check[] = [];
  if (max !== undefined) {
    const text = `${says} less than or equal to ${max}`;
    checks.push((value) => (measure(value) > max ? violation(value, kind, text) : undefined));
  }
  if (min !== undefined) {
    const text = `${says} greater than or equal to ${min}`;
    checks.push((value) => (measure(value) < min ? violation(value, kind, text) : undefined));
  }
  return checks;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Uint8Array ? value.byteLength : Object.keys(value as object).length;
}

function enumCheck(allowed: readonly string[]): Check {
  const set = new Set<unknown>(allowed);
  const text = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
  return (value) => (set.has(value) ? undefined : violation(value, 'enum', text));
}

/** The whole value must match, as with Java's `matches`. Patterns are the model's own, and all of them linear. */
function patternCheck(pattern: string): Check {
  const regex = new RegExp(`^(?:${pattern})$`, 'u');
  const text = `Member must satisfy regular expression pattern: ${pattern}`;
  return (value) => (regex.test(value as string) ? undefined : violation(value, 'pattern', text));
}

function violation(value: unknown, kind: Violation['kind'], says: string): Violation[] {
  return [{ path: [], value, kind, says }];
}
