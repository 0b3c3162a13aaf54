import { AwsError } from '../core/errors.ts';
import type { OperationModel, ServiceModel, Shape } from '../models/model.ts';
import { decodeAwsChunked, isAwsChunked } from './aws-chunked.ts';
import { MAX_DOCUMENT_BYTES } from './bodies.ts';
import { headerOfParameter, presignedBy } from './presigned-url.ts';
import type { Address } from './rest-address.ts';
import { scalarReader } from './scalars.ts';
import type { EmulatorRequest } from './wire.ts';
import { parseXml, type XmlSyntaxError, xmlText } from './xml-parse.ts';
import { xmlReader } from './xml-read.ts';

type Input = Record<string, unknown>;

interface Part {
  name: string;
  isText: boolean;
  read: (text: string) => unknown;
}

/** Where the members of an operation's input are found. */
interface Plan {
  headers: Map<string, Part>;
  query: Map<string, Part>;
  /** Headers with a common beginning: user metadata. */
  prefixed: { name: string; prefix: string } | undefined;
  payload: { name: string; shape: Shape; shapeName: string } | undefined;
  hasLength: boolean;
}

/** Fills the input of S3's operations from path, query, headers and body. */
export function restReader(model: ServiceModel) {
  const plans = new Map<string, Plan>();
  const readXml = xmlReader(model);
  return (operation: OperationModel, request: EmulatorRequest, address: Address): Input => {
    if (operation.input === undefined) return {};
    let plan = plans.get(operation.input);
    if (plan === undefined) {
      plan = planOf(model, model.shape(operation.input));
      plans.set(operation.input, plan);
    }
    const plain = isAwsChunked(request) ? decodeAwsChunked(request) : request;
    const input: Input = {};
    if (address.kind !== 'service') input.Bucket = address.bucket;
    if (address.kind === 'object') input.Key = address.key;
    readHeaders(plan, plain.headers, input);
    readQuery(plan, address.query, input);
    if (READS.has(operation.name)) refuseEncryption(plain.headers);
    if (plan.hasLength && plain !== request) input.ContentLength = plain.body.length;
    if (plan.payload !== undefined) readPayload(plan.payload, plain.body, input, readXml);
    if (plan.payload !== undefined && plan.payload.shape.type !== 'blob') {
      input.$document = { body: plain.body, headers: plain.headers };
    }
    const presigned = presignedBy(address.query, request.headers);
    if (presigned !== undefined) input.$presigned = presigned;
    return input;
  };
}

const READS = new Set(['GetObject', 'HeadObject']);

/** How an object is encrypted can be said when it is written only (S3 User Guide, Using server-side encryption). */
function refuseEncryption(headers: EmulatorRequest['headers']): void {
  const name = 'x-amz-server-side-encryption';
  if (headers[name] === undefined) return;
  throw new AwsError('InvalidArgument', `${name} header is not supported for this operation.`, {
    status: 400,
    fields: { ArgumentName: name, ArgumentValue: headers[name] },
  });
}

function planOf(model: ServiceModel, shape: Shape): Plan {
  const plan: Plan = {
    headers: new Map(),
    query: new Map(),
    prefixed: undefined,
    payload: undefined,
    hasLength: false,
  };
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const target = model.shape(member.shape);
    const wireName = member.locationName ?? name;
    if (member.location === 'header') plan.headers.set(wireName.toLowerCase(), partOf(model, name, wireName, target));
    else if (member.location === 'querystring') plan.query.set(wireName, partOf(model, name, wireName, target));
    else if (member.location === 'headers') plan.prefixed = { name, prefix: wireName.toLowerCase() };
    else if (shape.payload === name) plan.payload = { name, shape: target, shapeName: member.shape };
  }
  plan.hasLength = plan.headers.has('content-length');
  return plan;
}

function partOf(model: ServiceModel, name: string, wireName: string, target: Shape): Part {
  const refuse = (text: string): never => {
    const message = `Provided ${wireName} not an integer or within integer range`;
    const wrong = target.type === 'boolean' ? `Provided ${wireName} is neither true nor false` : message;
    const fields = { ArgumentName: wireName, ArgumentValue: text };
    throw new AwsError('InvalidArgument', wrong, { status: 400, fields });
  };
  if (target.type === 'list') {
    const read = scalarReader(model.shape(target.member!.shape), refuse);
    return { name, isText: true, read: (text) => text.split(',').map((one) => read(one.trim())) };
  }
  // A date that cannot be read is no condition, says RFC 9110, and S3 follows it.
  if (target.type === 'timestamp')
    return { name, isText: false, read: scalarReader(target, (() => undefined) as () => never) };
  return { name, isText: target.type === 'string', read: scalarReader(target, refuse) };
}

function readHeaders(plan: Plan, headers: EmulatorRequest['headers'], input: Input): void {
  for (const name in headers) {
    const text = headers[name];
    if (text !== undefined) readHeader(plan, name, text, input);
  }
}

function readHeader(plan: Plan, name: string, text: string, input: Input): void {
  const part = plan.headers.get(name);
  if (part !== undefined) {
    // An empty header is as good as none, but a digest that is none.
    if (text !== '' || name === 'content-md5') input[part.name] = part.read(text);
  } else if (plan.prefixed !== undefined && name.startsWith(plan.prefixed.prefix)) {
    input[plan.prefixed.name] ??= Object.create(null);
    (input[plan.prefixed.name] as Record<string, string>)[name.slice(plan.prefixed.prefix.length)] = text;
  }
}

function readQuery(plan: Plan, query: ReadonlyMap<string, string>, input: Input): void {
  for (const [name, text] of query) {
    const part = plan.query.get(name);
    if (part !== undefined) readParameter(part, text, input);
    else {
      const header = headerOfParameter(name, query);
      if (header !== undefined) readHeader(plan, header, text, input);
    }
  }
}

/** A number that is left empty is as good as none. */
function readParameter(part: Part, text: string, input: Input): void {
  if (text !== '' || part.isText) input[part.name] = part.read(text);
}

function readPayload(
  payload: NonNullable<Plan['payload']>,
  body: Buffer,
  input: Input,
  readXml: ReturnType<typeof xmlReader>,
): void {
  const { name, shape, shapeName } = payload;
  if (shape.type === 'blob') input[name] = body;
  else if (body.length > MAX_DOCUMENT_BYTES) throw documentTooLong();
  else if (body.length === 0) return;
  else if (shape.type === 'structure') input[name] = readXml(shapeName, parse(body));
  else input[name] = body.toString();
}

function parse(body: Buffer) {
  return parseXml(xmlText(body));
}

export function documentTooLong(): AwsError {
  return new AwsError('MaxMessageLengthExceeded', 'Your request was too large.', { status: 400 });
}

/** What every XML that cannot be read is answered with. */
export function malformedXml(error: XmlSyntaxError): AwsError {
  return new AwsError(
    'MalformedXML',
    `The XML you provided was not well-formed or did not validate against our published schema (${error.message})`,
    { status: 400 },
  );
}
