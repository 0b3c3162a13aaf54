import { validationError } from '../errors.ts';
import type { AttributeValue } from '../value.ts';
import type { Condition, Path, UpdateAction } from './ast.ts';
import { bindCondition } from './bind-condition.ts';
import { bindUpdate } from './bind-update.ts';
import { parseCondition } from './condition-parser.ts';
import { cachedParser } from './parse-cache.ts';
import { checkDistinctPaths } from './paths.ts';
import { Placeholders } from './placeholders.ts';
import { ExpressionError } from './tokens.ts';
import { parseProjection, parseUpdate } from './update-parser.ts';

/** The parameters of a request that hold expressions, with the placeholders they use. */
export interface ExpressionInput {
  UpdateExpression?: string;
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export type ExpressionParameter =
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'KeyConditionExpression'
  | 'FilterExpression'
  | 'ProjectionExpression';

export interface Expressions {
  update: UpdateAction<AttributeValue>[] | undefined;
  condition: Condition<AttributeValue> | undefined;
  keyCondition: Condition<AttributeValue> | undefined;
  filter: Condition<AttributeValue> | undefined;
  projection: Path[] | undefined;
}

const parsers = {
  update: cachedParser(parseUpdate),
  condition: cachedParser((text) => parseCondition(text, { redundantParentheses: true })),
  // Key conditions may have superfluous parentheses; conditions and filters may not.
  keyCondition: cachedParser((text) => parseCondition(text, { redundantParentheses: false })),
  projection: cachedParser(parseProjection),
};

const NONE: Expressions = {
  update: undefined,
  condition: undefined,
  keyCondition: undefined,
  filter: undefined,
  projection: undefined,
};

/** Parses and binds the expressions of a request; `parameters` are those the operation takes. */
export function readExpressions(
  input: ExpressionInput,
  parameters: readonly ExpressionParameter[],
  legacyParameters: readonly string[] = [],
): Expressions {
  const given = parameters.filter((parameter) => input[parameter] !== undefined);
  refuseMixture(input, given, legacyParameters);
  if (given.length === 0 && !usesPlaceholders(input)) return NONE;
  refuseUselessPlaceholders(input, parameters, given);
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const conditionOf = (parameter: ExpressionParameter, parse: (text: string) => Condition<string>) =>
    within(input, parameter, (text) => bindCondition(parse(text), placeholders));
  const expressions: Expressions = {
    update: within(input, 'UpdateExpression', (text) => bindUpdate(parsers.update(text), placeholders)),
    condition: conditionOf('ConditionExpression', parsers.condition),
    keyCondition: conditionOf('KeyConditionExpression', parsers.keyCondition),
    filter: conditionOf('FilterExpression', parsers.condition),
    projection: within(input, 'ProjectionExpression', (text) => {
      const paths = parsers.projection(text).map((path) => placeholders.path(path));
      checkDistinctPaths(paths);
      return paths;
    }),
  };
  placeholders.checkAllUsed();
  return expressions;
}

function usesPlaceholders(input: ExpressionInput): boolean {
  return input.ExpressionAttributeNames !== undefined || input.ExpressionAttributeValues !== undefined;
}

function within<T>(input: ExpressionInput, parameter: ExpressionParameter, read: (text: string) => T): T | undefined {
  const text = input[parameter];
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw validationError(`Invalid ${parameter}: ${error.message}`);
  }
}

function refuseMixture(
  input: ExpressionInput,
  given: readonly ExpressionParameter[],
  legacyParameters: readonly string[],
): void {
  if (given.length === 0) return;
  const parameters = input as Record<string, unknown>;
  const legacy = legacyParameters.filter((parameter) => parameters[parameter] !== undefined);
  // Key conditions of the old kind go together with a filter and a projection of the new one.
  const old = given.includes('KeyConditionExpression') ? legacy : legacy.filter((name) => name !== 'KeyConditions');
  if (old.length === 0) return;
  throw validationError(
    'Can not use both expression and non-expression parameters in the same request: ' +
      `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${given.join(', ')}}`,
  );
}

function refuseUselessPlaceholders(
  input: ExpressionInput,
  parameters: readonly ExpressionParameter[],
  given: readonly ExpressionParameter[],
): void {
  if (input.ExpressionAttributeNames !== undefined && given.length === 0) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  const withValues = parameters.filter((parameter) => parameter !== 'ProjectionExpression');
  if (input.ExpressionAttributeValues === undefined || withValues.some((name) => given.includes(name))) return;
  throw validationError(
    'ExpressionAttributeValues can only be specified when using expressions: ' +
      `${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
  );
}
