import type { AwsError } from '../core/errors.ts';
import type { ServiceModel, Shape } from '../models/model.ts';
import type { EmulatorRequest } from './wire.ts';

/** An error with everything that a protocol has to know of it. */
export interface WireError {
  /** Name of the shape (`QueueDoesNotExist`). */
  name: string;
  /** The model's shape, when it has one. */
  shape: Shape | undefined;
  /** Code of Query and REST/XML (`AWS.SimpleQueueService.NonExistentQueue`). */
  code: string;
  status: number;
  /** True when the caller is at fault. */
  sender: boolean;
  message: string;
  fields: Record<string, unknown>;
}

/**
 * Errors that any service may answer and no model has (each service's API Reference, "Common Errors"):
 * name in JSON -> code in Query, status.
 */
const COMMON = new Map<string, readonly [code: string, status: number]>([
  ['AccessDeniedException', ['AccessDenied', 403]],
  ['InternalFailure', ['InternalFailure', 500]],
  ['InvalidParameterCombinationException', ['InvalidParameterCombination', 400]],
  ['InvalidParameterValueException', ['InvalidParameterValue', 400]],
  ['MissingRequiredParameterException', ['MissingParameter', 400]],
  ['RequestEntityTooLargeException', ['RequestEntityTooLarge', 413]],
  ['SerializationException', ['MalformedInput', 400]],
  ['ServiceUnavailableException', ['ServiceUnavailable', 503]],
  ['ThrottlingException', ['Throttling', 400]],
  ['UnknownOperationException', ['InvalidAction', 400]],
  ['ValidationException', ['ValidationError', 400]],
]);

const COMMON_BY_CODE = new Map([...COMMON].map(([name, [code]]) => [code, name]));

/** Looks up what an AwsError is in a service's model; `code` may be the shape's name or the wire's code. */
export function resolveError(model: ServiceModel, error: AwsError): WireError {
  const modelled = errorNames(model).get(error.code);
  const name = modelled ?? COMMON_BY_CODE.get(error.code) ?? error.code;
  const known = model.shapes.get(name);
  // SNS has a ValidationException of its own, with a code of its own, beside the framework's ValidationError.
  const foreign = modelled === undefined && known?.error?.code !== undefined && known.error.code !== error.code;
  const shape = known?.exception && !foreign ? known : undefined;
  const [code, status] = COMMON.get(name) ?? [name, 400];
  const resolved = error.status ?? shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : status);
  return {
    name,
    shape,
    code: shape?.error?.code ?? (shape === undefined ? code : name),
    status: resolved,
    sender: resolved < 500,
    message: error.message,
    fields: error.fields,
  };
}

/**
 * Status of an error in JSON and CBOR. Services that spoke Query before answer with its statuses only to clients that say they
 * know its codes; to all others every fault of the caller's is a 400 (Smithy, awsQueryCompatible trait).
 */
export function statusWithoutQuery(model: ServiceModel, wire: WireError, headers: EmulatorRequest['headers']): number {
  if (model.metadata.awsQueryCompatible === undefined || headers['x-amzn-query-mode'] === 'true') return wire.status;
  return wire.sender && wire.shape?.error?.httpStatusCode === wire.status ? 400 : wire.status;
}

const namesByModel = new WeakMap<ServiceModel, Map<string, string>>();

/** Wire code -> shape name. */
function errorNames(model: ServiceModel): Map<string, string> {
  let names = namesByModel.get(model);
  if (names === undefined) {
    names = new Map();
    for (const [name, shape] of model.shapes) if (shape.error?.code !== undefined) names.set(shape.error.code, name);
    for (const [name, shape] of model.shapes) if (shape.exception) names.set(name, name);
    namesByModel.set(model, names);
  }
  return names;
}

/** The member of an error's shape that holds its message: `message` or `Message`. */
export function messageMember(shape: Shape | undefined): string {
  return shape?.members !== undefined && !('message' in shape.members) && 'Message' in shape.members
    ? 'Message'
    : 'message';
}

const NAMESPACES = new Map([
  ['cloudwatch', 'com.amazonaws.cloudwatch.v2010_08_01'],
  ['dynamodb', 'com.amazonaws.dynamodb.v20120810'],
]);

/** `__type` of JSON and CBOR, in the form that each service really answers with. */
export function errorType(model: ServiceModel, error: WireError): string {
  if (model.id === 'logs') return error.name;
  if (model.id === 'dynamodb' && error.name === 'ValidationException') return `com.amazon.coral.validate#${error.name}`;
  if (error.shape === undefined) return `com.amazon.coral.service#${error.name}`;
  return `${NAMESPACES.get(model.id) ?? `com.amazonaws.${model.id}`}#${error.name}`;
}
