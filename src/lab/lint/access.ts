import type { Value } from '../../topology/resources.ts';

type Statement = { readonly [name: string]: Value | undefined };

/**
 * Whether a queue's policy lets a service send for a source (an ARN of a topic or bucket). A statement allows it when action,
 * principal and resource fit and its conditions about the source hold; conditions about anything else are taken to hold.
 */
export function letsIn(
  policy: Value | undefined,
  queue: string,
  service: string,
  source: string,
  account: string,
): boolean {
  const statements = listOf((policy as Statement | undefined)?.Statement) as Statement[];
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      named(statement.Action, 'sqs:SendMessage', { ignoreCase: true }) &&
      isPrincipal(statement.Principal, service) &&
      (statement.Resource === undefined || named(statement.Resource, queue)) &&
      holds(statement.Condition, source, account),
  );
}

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Value];

const named = (patterns: Value | undefined, text: string, { ignoreCase = false } = {}) =>
  listOf(patterns).some((pattern) => like(String(pattern), text, ignoreCase));

/** IAM's wildcards: `*` for any text, `?` for one character. In linear time. */
export function like(pattern: string, text: string, ignoreCase = false): boolean {
  const [wanted, given] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < given.length) {
    if (at < wanted.length && wanted[at] !== '*' && (wanted[at] === '?' || wanted[at] === given[index])) {
      at++;
      index++;
    } else if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}

function isPrincipal(principal: Value | undefined, service: string): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || Array.isArray(principal)) return false;
  const { AWS, Service } = principal as Statement;
  return named(Service, service) || listOf(AWS).includes('*');
}

const ABOUT_TEXT = /^(ForAnyValue:)?(Arn|String)(Equals|Like)(IgnoreCase)?(IfExists)?$/;

function holds(condition: Value | undefined, source: string, account: string): boolean {
  const facts: Readonly<Record<string, string>> = { 'aws:sourcearn': source, 'aws:sourceaccount': account };
  return Object.entries((condition ?? {}) as { [name: string]: Value }).every(([operator, keys]) =>
    Object.entries(keys as { [name: string]: Value }).every(([key, values]) => {
      const fact = facts[key.toLowerCase()];
      return fact === undefined || !ABOUT_TEXT.test(operator) || named(values, fact);
    }),
  );
}
