import { authorization, type FuzzRequest } from './encode.ts';

/** A request that is small to send and could be long to answer; what it needs is made before, and not measured. */
export interface Heavy {
  label: string;
  needs?: () => FuzzRequest[];
  request: () => FuzzRequest;
}

export const MIB = 1024 * 1024;
/** As many of `part`, separated by commas, as fit. */
export const filled = (part: string, bytes: number, separator = ',') =>
  Array(Math.floor(bytes / (part.length + separator.length)))
    .fill(part)
    .join(separator);

export function json(service: string, target: string, body: string | object): FuzzRequest {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
    authorization: authorization(service),
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', url: '/', headers, body: Buffer.from(text), label: target };
}

export const dynamodb = (operation: string, body: string | object) =>
  json('dynamodb', `DynamoDB_20120810.${operation}`, body);
export const sqs = (operation: string, body: string | object) => json('sqs', `AmazonSQS.${operation}`, body);
export const logs = (operation: string, body: string | object) => json('logs', `Logs_20140328.${operation}`, body);

export function s3(method: string, url: string, body: string | Buffer = ''): FuzzRequest {
  return { method, url, headers: { authorization: authorization('s3') }, body: Buffer.from(body), label: url };
}

export function form(service: string, body: string): FuzzRequest {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: authorization(service),
  };
  return { method: 'POST', url: '/', headers, body: Buffer.from(body), label: service };
}

export function cbor(body: Buffer): FuzzRequest {
  const headers = { 'smithy-protocol': 'rpc-v2-cbor', authorization: authorization('cloudwatch') };
  const url = '/service/GraniteServiceVersion20100801/operation/PutMetricData';
  return { method: 'POST', url, headers, body, label: 'cbor' };
}
