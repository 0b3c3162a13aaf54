import type { AwsError } from '../core/errors.ts';
import type { Scope } from '../core/types.ts';
import type { OperationModel, ProtocolName, ServiceModel } from '../models/model.ts';

/** A request as it came in, whatever carried it. */
export interface EmulatorRequest {
  method: string;
  /** Raw path and query, as sent. */
  url: string;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** Came over TLS: answers name the engine by `https`. */
  secure?: boolean;
  /** True when the body was longer than the server takes, and was not read. */
  oversized?: boolean;
  /** Aborted when the client goes away. */
  signal?: AbortSignal | undefined;
}

export interface EmulatorResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
  /** True for a body that clients read as a stream (GetObject). */
  streamed?: boolean;
}

/** A request that has been understood: which operation, with which input. */
export interface Decoded {
  operation: OperationModel;
  input: Record<string, unknown>;
  /** Whose call it is, where only the body says that (a form with a file). */
  scope?: Scope | undefined;
}

/** What every protocol needs besides the thing to encode. */
export interface Exchange {
  request: EmulatorRequest;
  requestId: string;
}

/** One wire protocol of one service. Everything is synchronous: bodies are read before. */
export interface Protocol {
  name: ProtocolName;
  /** Throws AwsError for what cannot be understood. */
  decode(request: EmulatorRequest): Decoded;
  encode(operation: OperationModel, output: unknown, exchange: Exchange): EmulatorResponse;
  encodeError(error: AwsError, exchange: Exchange): EmulatorResponse;
}

export type ProtocolFactory = (model: ServiceModel) => Protocol;

/** Answers requests under a path that is no AWS API; `path` is the part after the prefix, without the query. */
export type RouteHandler = (
  request: EmulatorRequest,
  path: string,
  query: URLSearchParams,
) => EmulatorResponse | Promise<EmulatorResponse>;
