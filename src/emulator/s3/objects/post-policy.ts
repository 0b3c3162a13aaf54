import { AwsError } from '../../core/errors.ts';
import { accessDenied } from '../errors.ts';

/** The fields of a form in lower case, with their names as they came. */
export type FormFields = ReadonlyMap<string, { name: string; value: string }>;

interface PolicySubject {
  bucket: string;
  fields: FormFields;
  size: number;
  /** Milliseconds since the epoch. */
  now: number;
}

const invalidPolicy = (message: string) =>
  new AwsError('InvalidPolicyDocument', `Invalid Policy: ${message}`, { status: 400 });
const notAllowed = (message: string) => accessDenied(`Invalid according to Policy: ${message}`);

/** These are about the policy and not in it (S3 API Reference, Creating a POST policy). */
const UNCOVERED = new Set(['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid', 'file']);

/** Whether the policy of a form lets its fields and its file pass; `text` is the base64 of the policy. */
export function checkPostPolicy(text: string, subject: PolicySubject): void {
  const policy = readPolicy(text);
  const expiration = Date.parse(policy.expiration);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(policy.expiration) || Number.isNaN(expiration)) {
    throw invalidPolicy(`Invalid 'expiration' value: '${policy.expiration}'`);
  }
  if (subject.now > expiration) throw notAllowed('Policy expired.');
  const covered = new Set<string>();
  for (const condition of policy.conditions) covered.add(checkCondition(condition, subject));
  for (const [lower, { name }] of subject.fields) {
    if (UNCOVERED.has(lower) || lower.startsWith('x-ignore-') || covered.has(lower)) continue;
    throw notAllowed(`Extra input fields: ${name}`);
  }
}

function readPolicy(text: string): { expiration: string; conditions: unknown[] } {
  let policy: unknown;
  try {
    policy = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    throw invalidPolicy('Invalid JSON.');
  }
  const { expiration, conditions } = (policy ?? {}) as Record<string, unknown>;
  if (typeof expiration !== 'string') throw invalidPolicy('Policy missing expiration.');
  if (!Array.isArray(conditions)) throw invalidPolicy('Policy missing conditions.');
  return { expiration, conditions };
}

/** Checks one condition; returns the name of the field that it is about. */
function checkCondition(condition: unknown, subject: PolicySubject): string {
  const [operator, field, value] = partsOf(condition);
  if (typeof operator !== 'string') throw invalidPolicy('Invalid JSON.');
  const kind = operator.toLowerCase();
  if (kind === 'content-length-range') {
    checkLength(field, value, subject.size, condition);
    return '';
  }
  if (kind !== 'eq' && kind !== 'starts-with') throw invalidPolicy(`Invalid condition operation ${operator}.`);
  if (typeof field !== 'string' || typeof value !== 'string') throw invalidPolicy('Invalid JSON.');
  const name = field.slice(1).toLowerCase();
  const actual = name === 'bucket' ? subject.bucket : subject.fields.get(name)?.value;
  const holds = actual !== undefined && (kind === 'eq' ? actual === value : actual.startsWith(value));
  if (!field.startsWith('$') || !holds) throw failed([operator, field, value]);
  return name;
}

/** `{"acl": "private"}` is short for `["eq", "$acl", "private"]`. */
function partsOf(condition: unknown): readonly unknown[] {
  if (Array.isArray(condition)) {
    if (condition.length === 3) return condition;
    throw invalidPolicy('Invalid Condition: must have exactly three elements.');
  }
  if (typeof condition !== 'object' || condition === null)
    throw invalidPolicy('Invalid condition: must be a List or Object.');
  const entries = Object.entries(condition);
  if (entries.length !== 1) {
    throw invalidPolicy('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  const [name, value] = entries[0]!;
  if (typeof value !== 'string') throw invalidPolicy('Invalid Simple-Condition: value must be a string.');
  return ['eq', `$${name}`, value];
}

const failed = (condition: readonly unknown[]) =>
  notAllowed(`Policy Condition failed: [${condition.map((part) => JSON.stringify(part)).join(', ')}]`);

function checkLength(least: unknown, most: unknown, size: number, condition: unknown): void {
  const [from, to] = [Number(least), Number(most)];
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw failed(condition as unknown[]);
  if (size < from) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      status: 400,
      fields: { ProposedSize: size, MinSizeAllowed: from },
    });
  }
  if (size > to) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      status: 400,
      fields: { ProposedSize: size, MaxSizeAllowed: to },
    });
  }
}
