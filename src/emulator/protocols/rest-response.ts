import type { OperationModel, ServiceModel, Shape } from '../models/model.ts';
import { toHttpDate, toIso8601Milliseconds } from './timestamps.ts';
import type { EmulatorResponse, Exchange } from './wire.ts';
import { elementName } from './xml-read.ts';
import { xmlWriter } from './xml-shapes.ts';
import { escapeXml, XML_DECLARATION } from './xml-write.ts';

type Output = Record<string, unknown>;

interface Plan {
  shape: Shape;
  /** By the members' names. */
  headers: Map<string, { wireName: string; write: (value: unknown) => string }>;
  prefixed: { name: string; prefix: string } | undefined;
  hasBody: boolean;
}

const EMPTY = Buffer.alloc(0);

/** Writes the outputs of S3's operations: headers, and a body of XML, text or an object's bytes. */
export function restWriter(model: ServiceModel) {
  const plans = new Map<string, Plan>();
  const namespace = ` xmlns="${model.metadata.xmlNamespace}"`;
  const writeXml = xmlWriter(model, {
    member: (name, member) => elementName(model, name, member),
    element: (list) => list.member?.locationName ?? 'member',
    entry: () => ({ key: 'key', value: 'value' }),
    timestamp: toIso8601Milliseconds,
  });
  const document = (root: string, content: string) => `${XML_DECLARATION}<${root}${namespace}>${content}</${root}>`;

  function bodyOf(operation: OperationModel, { shape, hasBody }: Plan, output: Output): Buffer | string {
    if (output.$document !== undefined) return plainDocument(output.$document as PlainDocument);
    const { payload } = shape;
    if (payload !== undefined) {
      const value = output[payload];
      const member = shape.members![payload]!;
      if (value === undefined || value instanceof Uint8Array) return (value as Buffer | undefined) ?? EMPTY;
      if (typeof value === 'string') return value;
      return document(member.locationName ?? member.shape, writeXml(member.shape, value));
    }
    // The one answer whose root element holds the value itself.
    if (operation.name === 'GetBucketLocation') {
      return document('LocationConstraint', escapeXml(String(output.LocationConstraint ?? '')));
    }
    return hasBody
      ? document(operation.resultRoot ?? `${operation.name}Result`, writeXml(operation.output!, output))
      : EMPTY;
  }

  return (operation: OperationModel, output: Output, exchange: Exchange): EmulatorResponse => {
    const headers = commonHeaders(exchange);
    const status = (output.$status as number | undefined) ?? operation.http.responseCode ?? 200;
    if (operation.output === undefined) return { status, headers: { ...headers, ...moreHeaders(output) }, body: EMPTY };
    let plan = plans.get(operation.output);
    if (plan === undefined) {
      plan = planOf(model, model.shape(operation.output));
      plans.set(operation.output, plan);
    }
    const body = exchange.request.method === 'HEAD' || status === 304 ? EMPTY : bodyOf(operation, plan, output);
    if (typeof body === 'string')
      headers['content-type'] = body.startsWith('<?xml') ? 'application/xml' : 'application/json';
    writeHeaders(plan, output, headers);
    Object.assign(headers, moreHeaders(output));
    const streamed = plan.shape.payload !== undefined && plan.shape.members![plan.shape.payload]!.streaming === true;
    if (streamed) headers['content-type'] ??= 'binary/octet-stream';
    return { status, headers, body, streamed };
  };
}

interface PlainDocument {
  root: string;
  elements: Record<string, string>;
}

function plainDocument({ root, elements }: PlainDocument): string {
  const content = Object.entries(elements).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return `${XML_DECLARATION}<${root}>${content.join('')}</${root}>`;
}

const moreHeaders = (output: Output) => output.$headers as Record<string, string> | undefined;

/** The two ids by which S3 names a request; for a browser, also that what is stored here is no page of the engine. */
export function commonHeaders({ requestId, request }: Exchange): Record<string, string> {
  const headers: Record<string, string> = {
    'x-amz-request-id': s3RequestId(requestId),
    'x-amz-id-2': Buffer.from(requestId).toString('base64'),
  };
  if (isNavigation(request.headers)) headers['content-security-policy'] = 'sandbox';
  return headers;
}

/** Whether a browser may make a document, a frame or a worker of the answer. */
function isNavigation(headers: Record<string, string | undefined>): boolean {
  return headers['sec-fetch-dest'] !== undefined || headers.accept?.includes('text/html') === true;
}

export function s3RequestId(requestId: string): string {
  return (requestId.slice(0, 8) + requestId.slice(9, 13) + requestId.slice(14, 18)).toUpperCase();
}

function planOf(model: ServiceModel, shape: Shape): Plan {
  const plan: Plan = { shape, headers: new Map(), prefixed: undefined, hasBody: false };
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const wireName = (member.locationName ?? name).toLowerCase();
    const { type, timestampFormat } = model.shape(member.shape);
    if (member.location === 'header') {
      const iso = timestampFormat === 'iso8601';
      const date = (value: unknown) => (iso ? toIso8601Milliseconds : toHttpDate)(value as number);
      plan.headers.set(name, { wireName, write: type === 'timestamp' ? date : String });
    } else if (member.location === 'headers') plan.prefixed = { name, prefix: wireName };
    else plan.hasBody = true;
  }
  return plan;
}

function writeHeaders({ headers: parts, prefixed }: Plan, output: Output, headers: Record<string, string>): void {
  // Outputs have fewer members than their shapes.
  for (const name in output) {
    const value = output[name];
    const part = value === undefined || value === null ? undefined : parts.get(name);
    if (part !== undefined) headers[part.wireName] = part.write(value);
  }
  if (prefixed === undefined) return;
  const values = output[prefixed.name];
  if (values === undefined || values === null) return;
  for (const [key, value] of values instanceof Map ? values : Object.entries(values)) {
    headers[prefixed.prefix + key] = String(value);
  }
}
