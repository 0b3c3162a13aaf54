import { AwsError } from '../core/errors.ts';
import type { EmulatorRequest, EmulatorResponse, RouteHandler } from '../protocols/wire.ts';

/** What a control route refuses a request with. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (message: string) => new ControlError(400, 'invalid_request', message);
export const notFound = (message: string) => new ControlError(404, 'not_found', message);

export interface ControlRequest {
  /** Values of the `{name}` parts of the pattern, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON object in the body; empty without one. */
  body: Record<string, unknown>;
  /** Aborted when the client goes away. */
  signal: AbortSignal | undefined;
}

/** `METHOD /pattern/{name}` -> what answers it, with a value for JSON. */
export type ControlRoutes = Record<string, (request: ControlRequest) => unknown>;

/** Answers requests below one prefix: one JSON document each, errors as `{"error": {"code", "message"}}`. */
export function routeHandler(routes: ControlRoutes): RouteHandler {
  const table = Object.entries(routes).map(([key, answer]) => {
    const [method, pattern] = key.split(' ') as [string, string];
    return { method, parts: pattern.split('/').filter(Boolean), answer };
  });
  return async (request, path, query) => {
    try {
      const parts = path.split('/').filter(Boolean);
      const candidates = table.filter((route) => route.parts.length === parts.length && matches(route.parts, parts));
      if (candidates.length === 0) throw notFound(`no such path: ${path.slice(0, 200)}`);
      const route = candidates.find(({ method }) => method === request.method);
      if (route === undefined) {
        const allowed = candidates.map(({ method }) => method).join(', ');
        throw new ControlError(405, 'method_not_allowed', `this path takes ${allowed}`);
      }
      const { signal } = request;
      const params = paramsOf(route.parts, parts);
      return respond(200, await route.answer({ params, query, body: bodyOf(request), signal }));
    } catch (error) {
      // What a full disk refuses, for one.
      if (error instanceof AwsError) return respond(503, { error: { code: 'unavailable', message: error.message } });
      if (!(error instanceof ControlError)) throw error;
      return respond(error.status, { error: { code: error.code, message: error.message } });
    }
  };
}

const isParameter = (part: string) => part.startsWith('{');

const matches = (pattern: readonly string[], parts: readonly string[]) =>
  pattern.every((part, index) => isParameter(part) || part === parts[index]);

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  pattern.forEach((part, index) => {
    if (isParameter(part)) params[part.slice(1, -1)] = decoded(parts[index]!);
  });
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('the path is not properly encoded');
  }
}

function bodyOf(request: EmulatorRequest): Record<string, unknown> {
  if (request.oversized) throw new ControlError(413, 'too_large', 'the body is too large');
  if (request.body.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw badRequest('the body is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('the body is no JSON object');
  return body as Record<string, unknown>;
}

function respond(status: number, value: unknown): EmulatorResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

/** A whole number from the query string, within bounds. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number, most: number, least = 1): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw badRequest(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

/** Which world a request is about: the default account and region unless it says otherwise. */
export function scopeOf(query: URLSearchParams): { account: string; region: string } {
  const account = query.get('account') ?? '000000000000';
  const region = query.get('region') ?? 'us-east-1';
  if (!/^\d{12}$/.test(account)) throw badRequest('account must have 12 digits');
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region)) throw badRequest('region must be an AWS region such as us-east-1');
  return { account, region };
}

export const isoTime = (at: number) => new Date(at).toISOString();
