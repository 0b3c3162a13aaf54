import { decode as decodeCbor } from 'cborg';
import type { Engine } from '../core/engine.ts';
import type { AwsError } from '../core/errors.ts';
import { systemLoop } from '../core/host.ts';
import { isReading } from '../core/journal.ts';
import type { ServiceId } from '../core/types.ts';
import type { ProtocolName } from '../models/model.ts';
import type { CallerScope } from '../protocols/scope.ts';
import type { Decoded, EmulatorRequest, EmulatorResponse, Protocol } from '../protocols/wire.ts';
import type { ByteRing } from './byte-ring.ts';
import { callerNames } from './caller.ts';
import { CallEntry, type WireReader } from './entry.ts';

/** Of what the log keeps at all: a longer body is not kept with its call, and of an answer only so much. */
const LONGEST_KEPT = 1 / 8;

/** As much of it for a URL and the like, so that a call always fits. */
const LONGEST_LINE = 1 / 128;

/** Bytes of an object's content that are kept with a call. */
const LONGEST_CONTENT = 16 * 1024;

/** Of a program that shows people what is there: what it reads is no call of theirs, and stays out of the log. */
const LOOK = 'x-cliffracer-look';

/** Writes the calls that come over the wire into the engine's call log. */
export interface Recorder {
  /** Undefined when the engine keeps no log. */
  begin(request: EmulatorRequest, scope: CallerScope, service: ServiceId): CallEntry | undefined;
  decoded(entry: CallEntry, protocol: Protocol, decoded: Decoded): void;
  /** Adds the call, answered with `response`; `error` is what refused it. */
  end(entry: CallEntry, request: EmulatorRequest, response: EmulatorResponse, error?: AwsError): void;
}

export function callRecorder(engine: Engine): Recorder {
  const nameOf = callerNames();
  const readers = new WeakMap<Protocol, WireReader>();
  return {
    begin(request, scope, service) {
      if (engine.calls === undefined) return undefined;
      const { headers } = request;
      const caller = nameOf(userAgentOf(headers), scope.key);
      const entry = new CallEntry(caller, service, '', scope.account, scope.region);
      entry.duration = systemLoop.elapsed();
      return entry;
    },
    decoded(entry, protocol, { operation, input }) {
      entry.operation = operation.name;
      if (operation.name === 'ReceiveMessage') engine.calls?.deliveries.asks(entry.caller);
      const isS3 = entry.service === 's3';
      if (isS3) entry.document = JSON.stringify(withoutContent(input));
      let reader = readers.get(protocol);
      if (reader === undefined) {
        reader = wireReader(protocol, isS3);
        readers.set(protocol, reader);
      }
      entry.wire = reader;
    },
    end(entry, request, response, error) {
      entry.duration = systemLoop.elapsed() - entry.duration;
      entry.at = engine.clock.now();
      if (error !== undefined) {
        entry.code = error.code;
        entry.message = error.message;
      }
      const { calls } = engine;
      if (calls === undefined || (request.headers[LOOK] !== undefined && isReading(entry.operation))) return;
      keepBytes(entry, request, response, calls.bytes);
      calls.add(entry, request.headers['x-amzn-trace-id']);
    },
  };
}

/** In browsers only `x-amz-user-agent` is the SDK's; under Node.js only `user-agent` has the name of the application. */
function userAgentOf(headers: EmulatorRequest['headers']): string | undefined {
  const plain = headers['user-agent'];
  return plain?.includes('app/') ? plain : (headers['x-amz-user-agent'] ?? plain);
}

function keepBytes(entry: CallEntry, request: EmulatorRequest, response: EmulatorResponse, bytes: ByteRing): void {
  const longest = bytes.capacity * LONGEST_KEPT;
  const isS3 = entry.service === 's3';
  const url = request.url === '/' ? '' : line(request.url, bytes);
  const invocation = line(request.headers['amz-sdk-invocation-id'] ?? '', bytes);
  const given = isS3 ? (entry.document ?? '') : request.body;
  const body = given.length > longest ? '' : given;
  const isObject = isS3 && typeof response.body !== 'string' && response.status < 300;
  const answer = beginning(response.body, isObject ? Math.min(LONGEST_CONTENT, longest) : longest);
  bytes.reserve(room(url) + room(invocation) + room(body) + room(answer));
  entry.position = bytes.end;
  entry.urlLength = bytes.write(url);
  entry.invocationLength = bytes.write(invocation);
  entry.bodyLength = bytes.write(body);
  entry.answerLength = bytes.write(answer);
}

const line = (text: string, { capacity }: ByteRing) => (text.length > capacity * LONGEST_LINE ? '' : text);

/** Bytes that a content may take: a character up to three. */
const room = (content: Buffer | string) => (typeof content === 'string' ? 3 * content.length : content.length);

const beginning = (content: Buffer | string, limit: number) =>
  content.length <= limit ? content : content.slice(0, Math.floor(limit));

/** An object's content goes into the store, and a document is read already: both stay out of the log. */
function withoutContent(input: Record<string, unknown>): unknown {
  const kept: Record<string, unknown> = {};
  for (const name in input) if (name !== 'Body' && name !== '$document') kept[name] = input[name];
  if (input.Body instanceof Uint8Array) kept.$contentBytes = input.Body.length;
  return kept;
}

/** Reads inputs back with the protocol's own decoder, and answers as its format has them: XML stays text. */
function wireReader(protocol: Protocol, isS3: boolean): WireReader {
  return {
    input(url, operation, body) {
      // What the recorder has put in the place of the body.
      if (isS3) return body.length === 0 ? undefined : JSON.parse(body.toString());
      const headers = HEADERS[protocol.name](operation);
      return protocol.decode({ method: 'POST', url, headers, body }).input;
    },
    answer: (body) => (body.length === 0 ? undefined : ANSWERS[protocol.name](body)),
  };
}

const text = (body: Buffer) => body.toString();

const ANSWERS: Record<ProtocolName, (body: Buffer) => unknown> = {
  json: (body) => JSON.parse(body.toString()),
  cbor: (body) => decodeCbor(body, { tags: { 1: (inside: () => unknown) => inside() } }),
  query: text,
  'rest-xml': text,
};

const HEADERS: Record<ProtocolName, (operation: string) => Record<string, string>> = {
  json: (operation) => ({ 'x-amz-target': `.${operation}` }),
  cbor: () => ({}),
  query: () => ({ 'content-type': 'application/x-www-form-urlencoded' }),
  'rest-xml': () => ({}),
};
