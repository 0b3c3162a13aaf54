import { AwsError } from '../core/errors.ts';

const MIB = 1024 * 1024;

/** DynamoDB refuses requests of 16 MiB and more. */
export const MAX_ITEMS_BYTES = 16 * MIB - 1;
/**
 * Of every other document (a message, a batch of events, 1,000 keys): most are 1 MiB at AWS, which JSON and forms may
 * write with three bytes for one.
 */
export const MAX_DOCUMENT_BYTES = 4 * MIB;
export const MAX_OBJECT_BYTES = 256 * MIB;

/**
 * Values (members, elements, parameters) in one request. A value costs up to a microsecond to read, check and store, and
 * nobody else is answered meanwhile, so their number is bounded as well as the bytes.
 */
export const MAX_VALUES = 100_000;

export function tooLarge(bytes: number): AwsError {
  return new AwsError('RequestEntityTooLargeException', `Request size exceeded ${bytes} bytes`);
}

export function tooManyValues(): AwsError {
  return new AwsError('RequestEntityTooLargeException', `The request has more than ${MAX_VALUES} values`);
}
