/**
 * Access policies of queues (IAM User Guide, Policy evaluation logic): an explicit deny wins, then one allow suffices.
 * A policy is kept as the statements below, so that nothing of a client's JSON but strings gets into the state.
 */
export interface Statement {
  effect: 'Allow' | 'Deny';
  /** `*`, `Service:sns.amazonaws.com`, `AWS:arn:aws:iam::000000000000:root`, ... */
  principals: Matcher;
  actions: Matcher;
  resources: Matcher;
  conditions: { operator: string; key: string; values: string[] }[];
}

/** Values of an element, or of its `Not` form. */
export interface Matcher {
  negated: boolean;
  values: string[];
}

export interface AccessRequest {
  principal: { service: string } | { account: string };
  /** `sqs:SendMessage` */
  action: string;
  resource: string;
  /** Condition keys in lower case (`aws:sourcearn`) with their values. */
  keys: ReadonlyMap<string, string>;
}

/** The statements of a policy document; undefined when it is not one. */
export function parsePolicy(text: string): Statement[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(document) || document.Statement === undefined) return undefined;
  const statements = [document.Statement].flat().map(parseStatement);
  return statements.every((statement) => statement !== undefined) ? statements : undefined;
}

function parseStatement(raw: unknown): Statement | undefined {
  if (!isRecord(raw) || (raw.Effect !== 'Allow' && raw.Effect !== 'Deny')) return undefined;
  const principals = element(raw, 'Principal', principalTexts);
  const actions = element(raw, 'Action', texts);
  // A queue's policy is about that queue, so a statement may leave the resource out.
  const resources = element(raw, 'Resource', texts) ?? { negated: false, values: ['*'] };
  if (principals === undefined || actions === undefined) return undefined;
  return { effect: raw.Effect, principals, actions, resources, conditions: parseConditions(raw.Condition) };
}

function element(raw: Record<string, unknown>, name: string, read: (value: unknown) => string[]): Matcher | undefined {
  if (raw[name] !== undefined) return { negated: false, values: read(raw[name]) };
  if (raw[`Not${name}`] !== undefined) return { negated: true, values: read(raw[`Not${name}`]) };
  return undefined;
}

function principalTexts(value: unknown): string[] {
  if (!isRecord(value)) return texts(value);
  return Object.entries(value).flatMap(([kind, names]) =>
    texts(names).map((name) => (kind === 'AWS' && name === '*' ? '*' : `${kind}:${name}`)),
  );
}

function parseConditions(value: unknown): Statement['conditions'] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([operator, tests]) =>
    Object.entries(isRecord(tests) ? tests : {}).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: texts(values),
    })),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((item) => ['string', 'number', 'boolean'].includes(typeof item))
    .map(String);

export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  const matching = statements.filter((statement) => applies(statement, request));
  return matching.length > 0 && matching.every((statement) => statement.effect === 'Allow');
}

function applies(statement: Statement, request: AccessRequest): boolean {
  return (
    matches(statement.principals, (value) => isPrincipal(value, request.principal)) &&
    matches(statement.actions, (value) => like(value.toLowerCase(), request.action.toLowerCase())) &&
    matches(statement.resources, (value) => like(value, request.resource)) &&
    statement.conditions.every((condition) => holds(condition, request.keys))
  );
}

const matches = (matcher: Matcher, test: (value: string) => boolean) => matcher.values.some(test) !== matcher.negated;

function isPrincipal(value: string, principal: AccessRequest['principal']): boolean {
  if (value === '*') return true;
  if ('service' in principal) return value === `Service:${principal.service}`;
  return value === `AWS:${principal.account}` || value === `AWS:arn:aws:iam::${principal.account}:root`;
}

type Comparison = (expected: string, actual: string) => boolean;

const COMPARISONS = new Map<string, Comparison>([
  ['StringEquals', (expected, actual) => expected === actual],
  ['StringEqualsIgnoreCase', (expected, actual) => expected.toLowerCase() === actual.toLowerCase()],
  ['StringLike', like],
  // Both ARN operators take wildcards (IAM User Guide, ARN condition operators).
  ['ArnEquals', like],
  ['ArnLike', like],
  ['Bool', (expected, actual) => expected.toLowerCase() === actual.toLowerCase()],
]);

/** An operator that is not known never holds: then it grants nothing. */
function holds(condition: Statement['conditions'][number], keys: ReadonlyMap<string, string>): boolean {
  const actual = keys.get(condition.key);
  if (condition.operator === 'Null') return condition.values.includes(String(actual === undefined));
  const optional = condition.operator.endsWith('IfExists');
  const operator = optional ? condition.operator.slice(0, -'IfExists'.length) : condition.operator;
  const negated = operator.includes('Not');
  const compare = COMPARISONS.get(operator.replace('Not', ''));
  if (compare === undefined) return false;
  if (actual === undefined) return optional || negated;
  return condition.values.some((expected) => compare(expected, actual)) !== negated;
}

/** `*` stands for any text, `?` for any one character. Goes back only to the last `*`, so no pattern takes exponential time. */
export function like(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
