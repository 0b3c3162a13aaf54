import { AwsError } from '../core/errors.ts';

/**
 * SQS rejects a bad value with an error that its model leaves out: `InvalidParameterValueException` over JSON,
 * `InvalidParameterValue` over the query protocol; a missing one likewise.
 */
export const invalidParameter = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { status: 400 });

export const missingParameter = (name: string) =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`, { status: 400 });

export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const queueDoesNotExist = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** Checks an optional integer parameter. */
export function checkRange(value: number | undefined, parameter: string, min: number, max: number, reason: string) {
  if (value !== undefined && (!Number.isInteger(value) || value < min || value > max)) {
    throw invalidValue(value, parameter, reason);
  }
}

/** The code that stands for an error in the `Failed` list of a batch: there SQS keeps to the query protocol's codes. */
export function entryCode(error: AwsError): string {
  if (error.code === 'InvalidParameterValueException') return 'InvalidParameterValue';
  if (error.code === 'MissingRequiredParameterException') return 'MissingParameter';
  return error.code;
}
