/** Event patterns of Amazon EventBridge, as Lambda's filters use them (Lambda Developer Guide, "Filter rule syntax"). */
export interface Pattern {
  /** Every member must match. */
  members: ReadonlyMap<string, Pattern | Rule>;
  /** Of each list one must match: `$or`. */
  alternatives: readonly (readonly Pattern[])[];
}

/** Tells whether a value, or undefined where there is none, matches one of the rules of a field. */
export type Rule = (value: unknown) => boolean;

const DEEPEST = 100;

/** Throws an Error that says what is wrong. */
export function parsePattern(text: string): Pattern {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${(error as Error).message}`);
  }
  return patternOf(value, 'the pattern', 0);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function patternOf(value: unknown, place: string, depth: number): Pattern {
  if (!isObject(value)) throw new Error(`${place} must be an object`);
  if (depth > DEEPEST) throw new Error(`nested deeper than ${DEEPEST} levels`);
  const members = new Map<string, Pattern | Rule>();
  const alternatives: Pattern[][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (name === '$or' && Array.isArray(member) && member.every(isObject)) {
      alternatives.push(member.map((each) => patternOf(each, '$or', depth + 1)));
    } else if (Array.isArray(member)) members.set(name, ruleOf(member, name));
    else members.set(name, patternOf(member, `${name}, if it is no list of rules,`, depth + 1));
  }
  if (members.size + alternatives.length === 0) throw new Error(`${place} is empty`);
  return { members, alternatives };
}

function ruleOf(rules: readonly unknown[], name: string): Rule {
  if (rules.length === 0) throw new Error(`${name} has an empty list of rules`);
  const tests = rules.map((rule) => testOf(rule, name));
  const wantsNothing = rules.some((rule) => isObject(rule) && rule.exists === false);
  return (value) => {
    if (value === undefined) return wantsNothing;
    // Of a list one element must match; rules are for leaves only.
    if (Array.isArray(value)) return value.some((element) => tests.some((test) => test(element)));
    return !isObject(value) && tests.some((test) => test(value));
  };
}

function testOf(rule: unknown, name: string): Rule {
  if (!isObject(rule)) {
    if (Array.isArray(rule)) throw new Error(`${name}: a rule cannot be a list`);
    return (value) => value === rule;
  }
  const [operator, ...others] = Object.keys(rule);
  if (operator === undefined || others.length > 0) throw new Error(`${name}: a rule has exactly one operator`);
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]! : undefined;
  if (make === undefined) {
    throw new Error(`${name}: there is no operator ${JSON.stringify(operator)}; ${Object.keys(OPERATORS).join(', ')}`);
  }
  return make(rule[operator], `${name}: ${operator}`);
}

const onText = (argument: unknown, place: string, test: (value: string, argument: string) => boolean): Rule => {
  if (typeof argument !== 'string') throw new Error(`${place} takes a string`);
  return (value) => typeof value === 'string' && test(value, argument);
};

const sameIgnoringCase = (value: string, argument: string) => value.toLowerCase() === argument.toLowerCase();

const OPERATORS: Readonly<Record<string, (argument: unknown, place: string) => Rule>> = {
  prefix: (argument, place) => onText(argument, place, (value, start) => value.startsWith(start)),
  suffix: (argument, place) => onText(argument, place, (value, end) => value.endsWith(end)),
  'equals-ignore-case': (argument, place) => onText(argument, place, sameIgnoringCase),
  exists: (argument, place) => {
    if (typeof argument !== 'boolean') throw new Error(`${place} takes true or false`);
    return () => argument;
  },
  numeric: numericRule,
  'anything-but': (argument, place) => {
    if (isObject(argument)) {
      const inner = testOf(argument, place);
      return (value) => !inner(value);
    }
    const unwanted = Array.isArray(argument) ? argument : [argument];
    if (unwanted.length === 0 || !unwanted.every((each) => ['string', 'number'].includes(typeof each)))
      throw new Error(`${place} takes strings or numbers`);
    return (value) => !unwanted.includes(value);
  },
};

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numericRule(argument: unknown, place: string): Rule {
  const terms = Array.isArray(argument) ? argument : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < terms.length; index += 2) {
    const compare = Object.hasOwn(COMPARISONS, terms[index]) ? COMPARISONS[terms[index]] : undefined;
    const bound = terms[index + 1];
    if (compare === undefined || typeof bound !== 'number') break;
    tests.push((value) => compare(value, bound));
  }
  if (tests.length === 0 || tests.length * 2 !== terms.length || tests.length > 2)
    throw new Error(`${place} takes a comparison and a number, once or twice, such as [">", 0, "<=", 5]`);
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** Whether an event matches; a list of objects matches where one of them does. */
export function patternMatches(pattern: Pattern, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => patternMatches(pattern, element));
  const fields = isObject(value) ? value : {};
  for (const [name, member] of pattern.members) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof member === 'function' ? !member(field) : !patternMatches(member, field)) return false;
  }
  return pattern.alternatives.every((list) => list.some((each) => patternMatches(each, value)));
}
