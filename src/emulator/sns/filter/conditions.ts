import { cidrRange } from './ip-address.ts';
import { numericCondition, policyNumber } from './numeric.ts';
import type { Condition, StringCondition } from './policy.ts';
import type { PolicyReader, Token } from './reader.ts';
import { wildcardParts } from './wildcard.ts';

const ONE_KEY = 'Only one key allowed in match expression';

/** Reads a value list after its opening bracket. */
export function readConditions(reader: PolicyReader): Condition[] {
  const conditions: Condition[] = [];
  for (let token = reader.next(); token !== 'end-array'; token = reader.next()) {
    conditions.push(readCondition(reader, token));
  }
  if (conditions.length === 0) reader.fail('Empty arrays are not allowed');
  return conditions;
}

function readCondition(reader: PolicyReader, token: Token): Condition {
  switch (token) {
    case 'start-object':
      return readMatch(reader);
    case 'string':
      return { op: 'exact', value: reader.text(token) };
    case 'number':
      return { op: 'exact', value: Number(reader.text(token)) };
    case 'true':
    case 'false':
      return { op: 'exact', value: token === 'true' };
    case 'null':
      return { op: 'exact', value: null };
    default:
      return reader.fail('Match value must be String, number, true, false, or null');
  }
}

/** Reads `{"operator": operand}` after its opening brace. */
function readMatch(reader: PolicyReader): Condition {
  if (reader.next() !== 'field-name') reader.fail('Match expression name not found');
  const operator = reader.fieldName;
  const token = reader.next();
  let condition: Condition;
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      condition = stringCondition(reader, operator, stringOperand(reader, operator, token));
      break;
    case 'numeric':
      if (token !== 'start-array') reader.fail('Value of numeric must be an array.');
      condition = numericCondition(reader);
      if (reader.next() !== 'end-object') reader.fail('Too many elements in numeric expression');
      return condition;
    case 'exists':
      if (token !== 'true' && token !== 'false') reader.fail('exists match pattern must be either true or false.');
      condition = { op: 'exists', value: token === 'true' };
      break;
    case 'cidr':
      condition = cidrCondition(reader, token);
      break;
    case 'anything-but':
      condition = anythingBut(reader, token);
      break;
    default:
      reader.fail(`Unrecognized match type ${operator}`);
  }
  if (reader.next() !== 'end-object') reader.fail(ONE_KEY);
  return condition;
}

function stringOperand(reader: PolicyReader, operator: string, token: Token): string {
  if (token !== 'string') reader.fail(`${operator} match pattern must be a string`);
  return reader.text(token);
}

function stringCondition(reader: PolicyReader, op: StringCondition['op'], value: string): StringCondition {
  if (op !== 'wildcard') return { op, value };
  const parts = wildcardParts(value);
  if ('problem' in parts) reader.fail(parts.problem);
  return { op, parts: parts.parts };
}

// AWS names the operator prefix here too.
function cidrCondition(reader: PolicyReader, token: Token): Condition {
  const range = cidrRange(stringOperand(reader, 'prefix', token));
  if ('problem' in range) reader.fail(range.problem);
  return { op: 'cidr', ...range };
}

function anythingBut(reader: PolicyReader, token: Token): Condition {
  if (token === 'start-object') return anythingButMatching(reader);
  if (token === 'string') return { op: 'anything-but', values: [reader.text(token)] };
  if (token === 'number') return { op: 'anything-but', values: [policyNumber(reader, token)] };
  if (token !== 'start-array') reader.fail('Value of anything-but must be an array or single string/number value.');
  const values: (string | number)[] = [];
  for (let entry = reader.next(); entry !== 'end-array'; entry = reader.next()) {
    if (entry === 'string') values.push(reader.text(entry));
    else if (entry === 'number') values.push(policyNumber(reader, entry));
    else reader.fail('Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    reader.fail('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  return { op: 'anything-but', values };
}

/** `{"anything-but": {"prefix": ...}}` and its like, after the inner brace. */
function anythingButMatching(reader: PolicyReader): Condition {
  if (reader.next() !== 'field-name') reader.fail('Anything-But expression name not found');
  const op = reader.fieldName;
  if (op !== 'prefix' && op !== 'suffix' && op !== 'wildcard' && op !== 'equals-ignore-case') {
    reader.fail(`Unsupported anything-but pattern: ${op}`);
  }
  const values: string[] = [];
  let token = reader.next();
  if (token === 'start-array') {
    for (token = reader.next(); token !== 'end-array'; token = reader.next()) {
      values.push(stringOperand(reader, op, token));
    }
    if (values.length === 0) reader.fail('Empty arrays are not allowed');
  } else {
    values.push(stringOperand(reader, op, token));
  }
  if ((op === 'prefix' || op === 'suffix') && values.includes('')) reader.fail('Null prefix/suffix not allowed');
  const any = values.map((value) => stringCondition(reader, op, value));
  if (reader.next() !== 'end-object') reader.fail(ONE_KEY);
  return { op: 'not', any };
}
