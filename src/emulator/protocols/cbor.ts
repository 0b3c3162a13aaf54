import { decode, encode, Tagged, Token, Type } from 'cborg';
import { AwsError } from '../core/errors.ts';
import { compiler } from '../models/compile.ts';
import type { ServiceModel, Shape } from '../models/model.ts';
import { checkCborBounds } from './cbor-bounds.ts';
import { errorType, messageMember, resolveError, statusWithoutQuery } from './errors.ts';
import { queryErrorHeader, unknownOperation } from './json.ts';
import { inputReader } from './json-read.ts';
import type { EmulatorResponse, Exchange, Protocol } from './wire.ts';

const EPOCH_TIME_TAG = 1;

/** RPC v2 CBOR (Smithy 2.0): what current clients of CloudWatch outside JavaScript speak. */
export function cborProtocol(model: ServiceModel): Protocol {
  const read = inputReader(model);
  const write = compiler<[unknown], unknown>((name, inner) => writerOf(model.shape(name), inner));

  return {
    name: 'cbor',
    decode(request) {
      const name = request.url.slice(request.url.lastIndexOf('/') + 1).split('?', 1)[0]!;
      const operation = model.operations.get(name);
      if (operation === undefined) throw unknownOperation(name);
      const value = request.body.length === 0 ? {} : parse(request.body);
      return { operation, input: operation.input === undefined ? {} : read(operation.input, value) };
    },
    encode(operation, output, exchange) {
      return respond(200, operation.output === undefined ? {} : write(operation.output)(output ?? {}), exchange);
    },
    encodeError(error, exchange) {
      const wire = resolveError(model, error);
      const detail = { ...wire.fields, [messageMember(wire.shape)]: wire.message };
      const members = wire.shape === undefined ? detail : (write(wire.name)(detail) as object);
      const status = statusWithoutQuery(model, wire, exchange.request.headers);
      const response = respond(status, { __type: errorType(model, wire), ...members }, exchange);
      Object.assign(response.headers, queryErrorHeader(model, wire));
      return response;
    },
  };
}

function respond(status: number, value: unknown, { requestId }: Exchange): EmulatorResponse {
  const headers = {
    'smithy-protocol': 'rpc-v2-cbor',
    'content-type': 'application/cbor',
    'x-amzn-requestid': requestId,
  };
  return { status, headers, body: Buffer.from(encode(value, { ignoreUndefinedProperties: true, typeEncoders })) };
}

function parse(body: Buffer): unknown {
  checkCborBounds(body);
  try {
    return decode(body, { tags: { [EPOCH_TIME_TAG]: (inside: () => unknown) => inside() } });
  } catch {
    // Too deep for the decoder's stack is not well-formed either, as far as anybody here is concerned.
    throw new AwsError('SerializationException', 'The request body is not valid CBOR.');
  }
}

type Writer = (value: unknown) => unknown;

/** A double is a float also where it is whole: a client of Python would else get an int. */
const typeEncoders = { Float64Array: ([value]: Float64Array) => new Token(Type.float, value) };

/** Timestamps get their tag, doubles stay doubles; everything else has a form of its own in CBOR. */
function writerOf(shape: Shape, of: (name: string) => Writer): Writer {
  switch (shape.type) {
    case 'timestamp':
      return (value) => new Tagged(EPOCH_TIME_TAG, value);
    case 'double':
      return (value) => Float64Array.of(value as number);
    case 'list': {
      const write = of(shape.member!.shape);
      return (value) => (value as unknown[]).map(write);
    }
    case 'map': {
      const write = of(shape.value!.shape);
      return (value) => {
        const entries = value instanceof Map ? [...value] : Object.entries(value as object);
        return new Map(entries.map(([key, inside]) => [key, write(inside)]));
      };
    }
    case 'structure':
      return structureWriter(shape, of);
    default:
      return (value) => value;
  }
}

function structureWriter(shape: Shape, of: (name: string) => Writer): Writer {
  const members = Object.entries(shape.members ?? {}).map(([name, member]) => [name, of(member.shape)] as const);
  return (value) => {
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, write] of members) {
      const inside = given[name];
      if (inside !== undefined && inside !== null) result[name] = write(inside);
    }
    return result;
  };
}
