import { crc32 } from 'node:zlib';
import { AwsError } from '../core/errors.ts';
import type { OperationModel, ServiceModel } from '../models/model.ts';
import { errorType, messageMember, resolveError, statusWithoutQuery } from './errors.ts';
import { checkJsonBounds } from './json-bounds.ts';
import { inputReader } from './json-read.ts';
import { outputWriter } from './json-write.ts';
import type { EmulatorResponse, Exchange, Protocol } from './wire.ts';

/**
 * AWS JSON 1.0 and 1.1: the operation stands in X-Amz-Target, input and output are JSON. The answer is in the version
 * that the client asked in.
 */
export function jsonProtocol(model: ServiceModel): Protocol {
  const read = inputReader(model);
  const write = outputWriter(model);

  function respond(exchange: Exchange, status: number, body: string) {
    const headers: Record<string, string> = {
      'content-type': contentType(model, exchange),
      'x-amzn-requestid': model.id === 'dynamodb' ? dynamoRequestId(exchange.requestId) : exchange.requestId,
    };
    // DynamoDB alone adds a checksum of the body, and boto3 verifies it.
    if (model.id === 'dynamodb') headers['x-amz-crc32'] = String(crc32(body));
    return { status, headers, body } satisfies EmulatorResponse;
  }

  return {
    name: 'json',
    decode(request) {
      const operation = targetOperation(model, request.headers['x-amz-target']);
      const value = request.body.length === 0 ? {} : parseJson(request.body);
      return { operation, input: operation.input === undefined ? {} : read(operation.input, value) };
    },
    encode(operation, output, exchange) {
      if (operation.output === undefined) return respond(exchange, 200, '');
      return respond(exchange, 200, JSON.stringify(write(operation.output, output ?? {})));
    },
    encodeError(error, exchange) {
      const wire = resolveError(model, error);
      const detail = {
        ...wire.fields,
        [isDynamoParser(model, wire.name) ? 'Message' : messageMember(wire.shape)]: wire.message,
      };
      const members = wire.shape === undefined ? detail : write(wire.name, detail);
      const body = JSON.stringify({ __type: errorType(model, wire), ...(members as object) });
      const status = statusWithoutQuery(model, wire, exchange.request.headers);
      const response = respond(exchange, status, body);
      Object.assign(response.headers, queryErrorHeader(model, wire));
      return response;
    },
  };
}

/** Clients that knew the service by its Query codes still find them here (awsQueryCompatible). */
export function queryErrorHeader(model: ServiceModel, wire: { code: string; sender: boolean }): Record<string, string> {
  if (model.metadata.awsQueryCompatible === undefined) return {};
  return { 'x-amzn-query-error': `${wire.code};${wire.sender ? 'Sender' : 'Receiver'}` };
}

function contentType(model: ServiceModel, exchange: Exchange): string {
  const asked = exchange.request.headers['content-type'];
  if (asked?.startsWith('application/x-amz-json-1.')) return asked.slice(0, 'application/x-amz-json-1.x'.length);
  return `application/x-amz-json-${model.metadata.jsonVersion ?? '1.0'}`;
}

function targetOperation(model: ServiceModel, target: string | undefined): OperationModel {
  const name = target?.slice(target.lastIndexOf('.') + 1) ?? '';
  const operation = model.operations.get(name);
  if (operation === undefined) throw unknownOperation(name);
  return operation;
}

export function unknownOperation(name: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `The operation ${JSON.stringify(name)} is not known to this engine.`,
  );
}

function parseJson(body: Buffer): unknown {
  const text = body.toString();
  checkJsonBounds(body, text);
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}

/** What DynamoDB's parser refuses is answered by other code than the rest, which spells the member in another way. */
function isDynamoParser(model: ServiceModel, name: string): boolean {
  return model.id === 'dynamodb' && name === 'SerializationException';
}

const BASE_32 = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUV');
/** Where ids are put together, one at a time. */
const ID_BYTES = Buffer.alloc(26);

/** DynamoDB's request ids have 52 characters, of which the last 26 are always these; the others are the id's 128 bits. */
export function dynamoRequestId(requestId: string): string {
  let written = 0;
  // 26 digits of five bits hold two bits more than there are.
  let bits = 2;
  let held = 0;
  for (let at = 0; at < requestId.length; at++) {
    const code = requestId.charCodeAt(at);
    if (code === DASH) continue;
    held = (held << 4) | (code <= NINE ? code - ZERO : code - LETTER_A + 10);
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    ID_BYTES[written++] = BASE_32[held >> bits]!;
    held &= (1 << bits) - 1;
  }
  return `${ID_BYTES.toString('latin1')}VV4KQNSO5AEMVJF66Q9ASUAAJG`;
}

const DASH = '-'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);
const LETTER_A = 'a'.charCodeAt(0);
