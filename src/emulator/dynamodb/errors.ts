import { AwsError } from '../core/errors.ts';

/** The code that DynamoDB's front end answers with for bad input; it is not a shape of the model. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message, { status: 400 });
}

/** The commonest form of a validation message. */
export function invalidParameters(detail: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${detail}`);
}

export function schemaMismatch(): AwsError {
  return validationError('The provided key element does not match the schema');
}

export function isValidationError(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ValidationException';
}

/** An empty value for a key attribute: within a transaction the one fault of a key that fails the request as such. */
export class EmptyKeyError extends AwsError {
  constructor(message: string) {
    super('ValidationException', `One or more parameter values are not valid. ${message}`, { status: 400 });
  }
}

const DETECTED = '1 validation error detected: ';

export const detectedError = (detail: string) => validationError(DETECTED + detail);

/**
 * Runs the checks of PutItem, UpdateItem, DeleteItem and Query that need no table. What they refuse AWS has told with these
 * words before it since 2026 (dynamodb-conformance, captures/2026-06-09-validation-rewording.json); other operations, and
 * checks that know the table, speak without.
 */
export function detecting<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isValidationError(error) || error.message.startsWith(DETECTED)) throw error;
    throw detectedError(reworded(error.message));
  }
}

const EMPTY_SET_OF_KEY = /^ExpressionAttributeValues contains invalid value: (.* set {2}may not be empty) for key .*$/s;

/** What AWS leaves out since then; for the empty set see moto, test_update_item_unused_attributes, verified on AWS. */
const reworded = (message: string) =>
  message.replace(/ when using expressions: .*$/s, ' when using expressions').replace(EMPTY_SET_OF_KEY, '$1');
