import type { Effect, EffectSink, MessageEffect } from '../core/effects.ts';
import type { ServiceId } from '../core/types.ts';
import type { ByteRing } from './byte-ring.ts';
import { weightOf } from './weight.ts';

/** One receive of a message by a caller, from that receive until the message is deleted, returned or visible again. */
export class Delivery {
  readonly messageId: string;
  /** ARN. */
  readonly queue: string;
  /** Receives of the message so far, this one included. */
  readonly attempt: number;
  readonly caller: string;
  /** Root of the message's X-Ray trace header. */
  readonly trace: string | undefined;
  readonly body: string;
  /** How often its caller had asked for messages when it got this one. */
  asks = 0;
  /** How it ended: undefined while it is open. */
  end: 'deleted' | 'returned' | 'expired' | undefined = undefined;

  constructor(caller: string, { id, queue, receives, body = '' }: MessageEffect, trace: string | undefined) {
    this.messageId = id;
    this.queue = queue;
    this.attempt = receives;
    this.caller = caller;
    this.trace = trace;
    this.body = body;
  }

  /** `MESSAGE_ID:RECEIVES`. */
  get id(): string {
    return `${this.messageId}:${this.attempt}`;
  }
}

/**
 * How surely a call belongs to its deliveries: `exact` for one that bears the message's trace header or receipt handle or
 * whose caller has one message in hand, `one_of` when the caller has several.
 */
export type Certainty = 'exact' | 'one_of';

/** Reads a request's input, or an answer, back from the wire. */
export interface WireReader {
  input(url: string, operation: string, body: Buffer): unknown;
  answer(body: Buffer): unknown;
}

/**
 * One call, while it is made and when the log is read. All members are set from the start, in one order, so that entries
 * share one layout.
 */
export class CallEntry implements EffectSink {
  /** Position in the log, from 1; 0 until the call has been answered. */
  seq = 0;
  /** Engine time of the answer, milliseconds since the epoch. */
  at = 0;
  /** Real milliseconds from the request to the answer. */
  duration = 0;
  caller: string;
  /** `engine` for what belongs to no service. */
  service: ServiceId | 'engine';
  operation: string;
  account: string;
  region: string;
  /** AWS's code; undefined when the call succeeded. */
  code: string | undefined = undefined;
  message: string | undefined = undefined;
  /** Text of the fault rule that struck. */
  fault: string | undefined = undefined;
  faultId = 0;
  effects: Effect[] | undefined = undefined;
  deliveries: Delivery[] | undefined = undefined;
  certainty: Certainty = 'exact';
  /** Bytes that its effects and deliveries keep alive. */
  weight = 0;
  /** Where request and answer lie in the log's bytes: url, invocation id, body (or what stands for it), answer. */
  position = -1;
  urlLength = 0;
  invocationLength = 0;
  bodyLength = 0;
  answerLength = 0;
  wire: WireReader | undefined = undefined;
  /** The input of a call that did not come over the wire. */
  kept: unknown = undefined;
  /** The input as JSON, of a call that is being made, where it cannot be read back from the wire (S3). */
  document: string | undefined = undefined;

  constructor(caller: string, service: ServiceId | 'engine', operation: string, account: string, region: string) {
    this.caller = caller;
    this.service = service;
    this.operation = operation;
    this.account = account;
    this.region = region;
  }

  effect(effect: Effect, bytes = 0): void {
    if (this.effects === undefined) this.effects = [effect];
    else this.effects.push(effect);
    this.weight += bytes + weightOf(effect);
  }

  struck(rule: { id: number; text: string }): void {
    this.fault = rule.text;
    this.faultId = rule.id;
  }

  /** The input; undefined for the engine's own entries and for requests that could not be read. */
  input(bytes: ByteRing): unknown {
    if (this.kept !== undefined) return this.kept;
    const url = this.#part(bytes, 0, this.urlLength)?.toString();
    const body = this.#part(bytes, this.urlLength + this.invocationLength, this.bodyLength);
    if (this.wire === undefined || this.operation === '' || url === undefined || body === undefined) return undefined;
    return this.wire.input(url === '' ? '/' : url, this.operation, body);
  }

  /** What the operation answered; undefined when it is not kept. */
  answer(bytes: ByteRing): unknown {
    const body = this.#part(bytes, this.urlLength + this.invocationLength + this.bodyLength, this.answerLength);
    return body === undefined ? undefined : this.wire?.answer(body);
  }

  /** What the client's retries of one call have in common (`amz-sdk-invocation-id`). */
  invocation(bytes: ByteRing): string | undefined {
    return this.#part(bytes, this.urlLength, this.invocationLength)?.toString() || undefined;
  }

  /** Url, body and answer as they came, to be searched for a text. */
  raw(bytes: ByteRing): Buffer | undefined {
    return this.#part(bytes, 0, this.urlLength + this.invocationLength + this.bodyLength + this.answerLength);
  }

  #part(bytes: ByteRing, offset: number, length: number): Buffer | undefined {
    return this.position < 0 ? undefined : bytes.read(this.position + offset, length);
  }
}
