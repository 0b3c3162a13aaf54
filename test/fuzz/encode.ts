import { encode as encodeCbor, Tagged } from 'cborg';
import type { Member, OperationModel, ProtocolName, ServiceModel, Shape } from '../../src/emulator/models/model.ts';
import { queryName } from '../../src/emulator/protocols/query-read.ts';
import { restRequest } from './encode-rest.ts';

export interface FuzzRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  /** `sqs SendMessage json` */
  label: string;
}

const SIGNING_NAMES: Readonly<Record<string, string>> = { cloudwatch: 'monitoring' };

/** The credential scope is all that the engine reads of a signature. */
export function authorization(service: string, key = 'test', region = 'us-east-1'): string {
  const scope = `${key}/20260101/${region}/${SIGNING_NAMES[service] ?? service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
}

/** Writes an input, well-typed or not, as a client of that protocol would. */
export function encodeRequest(
  model: ServiceModel,
  operation: OperationModel,
  protocol: ProtocolName,
  input: Record<string, unknown>,
): FuzzRequest {
  const label = `${model.id} ${operation.name} ${protocol}`;
  const headers = { authorization: authorization(model.id) };
  if (protocol === 'rest-xml') return { ...restRequest(model, operation, input, headers), label };
  if (protocol === 'query') {
    const pairs = [`Action=${operation.name}`, `Version=${model.metadata.apiVersion}`];
    if (operation.input !== undefined) writeStructure(model, model.shape(operation.input), input, '', pairs);
    const body = Buffer.from(pairs.join('&'));
    return {
      method: 'POST',
      url: '/',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body,
      label,
    };
  }
  if (protocol === 'cbor') {
    const url = `/service/GraniteServiceVersion20100801/operation/${operation.name}`;
    const typed = operation.input === undefined ? {} : forCbor(model, operation.input, input);
    const body = Buffer.from(encodeCbor(typed, { ignoreUndefinedProperties: true }));
    return {
      method: 'POST',
      url,
      headers: { ...headers, 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      body,
      label,
    };
  }
  const { targetPrefix, jsonVersion } = model.metadata;
  const target = {
    'x-amz-target': `${targetPrefix}.${operation.name}`,
    'content-type': `application/x-amz-json-${jsonVersion}`,
  };
  return { method: 'POST', url: '/', headers: { ...headers, ...target }, body: Buffer.from(jsonText(input)), label };
}

function jsonText(input: unknown): string {
  return JSON.stringify(input, (_key, value) => {
    // Buffers have become their own JSON form by now.
    if (value?.type === 'Buffer' && Array.isArray(value.data)) return Buffer.from(value.data).toString('base64');
    return typeof value === 'bigint' ? Number(value) : value;
  });
}

function writeStructure(model: ServiceModel, shape: Shape, value: object, prefix: string, pairs: string[]): void {
  for (const [name, inside] of Object.entries(value)) {
    const member = Object.hasOwn(shape.members ?? {}, name) ? shape.members![name]! : undefined;
    if (member === undefined) writeAny(inside, prefix + name, pairs);
    else writeMember(model, member, inside, prefix + queryName(model, name, member), pairs);
  }
}

function writeMember(model: ServiceModel, member: Member, value: unknown, name: string, pairs: string[]): void {
  const shape = model.shape(member.shape);
  if (shape.type === 'list' && Array.isArray(value)) {
    const stem = shape.flattened ? name : `${name}.${shape.member!.locationName ?? 'member'}`;
    if (value.length === 0) pairs.push(`${name}=`);
    for (const [index, one] of value.entries()) writeMember(model, shape.member!, one, `${stem}.${index + 1}`, pairs);
  } else if (shape.type === 'map' && isPlain(value)) {
    const stem = shape.flattened ? name : `${name}.entry`;
    const keyName = shape.key!.queryName ?? shape.key!.locationName ?? 'key';
    const valueName = shape.value!.queryName ?? shape.value!.locationName ?? 'value';
    Object.entries(value).forEach(([key, one], index) => {
      writeAny(key, `${stem}.${index + 1}.${keyName}`, pairs);
      writeMember(model, shape.value!, one, `${stem}.${index + 1}.${valueName}`, pairs);
    });
  } else if (shape.type === 'structure' && isPlain(value)) writeStructure(model, shape, value, `${name}.`, pairs);
  else if (shape.type === 'timestamp' && typeof value === 'number') writeAny(isoTime(value), name, pairs);
  else writeAny(value, name, pairs);
}

/** Seconds as ISO 8601; what is no date stays a number. */
export function isoTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function writeAny(value: unknown, name: string, pairs: string[]): void {
  if (value instanceof Uint8Array) pairs.push(`${encode(name)}=${encode(Buffer.from(value).toString('base64'))}`);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inside] of Object.entries(value)) writeAny(inside, `${name}.${key}`, pairs);
  } else pairs.push(`${encode(name)}=${encode(String(value))}`);
}

/** Lone surrogates become what they are in UTF-8: the replacement character. */
export const wellFormed = (text: string) => Buffer.from(text).toString();

/** As encodeURIComponent, which refuses lone surrogates. */
export const encode = (text: string) => encodeURIComponent(wellFormed(text));

function forCbor(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = model.shapes.get(shapeName);
  if (shape?.type === 'timestamp' && typeof value === 'number') return new Tagged(1, value);
  if (shape?.type === 'list' && Array.isArray(value))
    return value.map((one) => forCbor(model, shape.member!.shape, one));
  if (shape?.type === 'structure' && isPlain(value)) {
    return new Map(
      Object.entries(value).map(([name, inside]) => [
        name,
        Object.hasOwn(shape.members ?? {}, name) ? forCbor(model, shape.members![name]!.shape, inside) : inside,
      ]),
    );
  }
  return value;
}
