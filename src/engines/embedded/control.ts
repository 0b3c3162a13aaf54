import { CliffracerError, type ErrorCode } from '../../errors.ts';
import { type HttpAnswer, httpCall } from '../http.ts';
import { ENGINE_NAMES } from '../kinds.ts';
import { probe } from '../probe.ts';
import { unreachable } from '../ready.ts';

const CONTROL_TIMEOUT_MS = 60_000;

export interface ControlCall {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Below `/_cliffracer`, with its query. */
  path: string;
  body?: Record<string, unknown> | undefined;
  /** What is asked for, for the message on an engine that cannot do it. */
  what: string;
  /** Bytes that the answer may have; 4 MiB unless it says otherwise. */
  largest?: number;
  signal?: AbortSignal;
  /** Answers in the place of HTTP, for an engine in this process. */
  answer?: typeof httpCall | undefined;
}

/**
 * Asks the embedded engine something through its own interface (docs/engine.md). Rejects with `unsupported` on every
 * other engine, with `engine_unreachable` where none is, and with what the engine says of a wrong request.
 */
export async function control<T>(endpoint: string, now: () => number, call: ControlCall): Promise<T> {
  const { method = 'GET', path, body, what, largest, signal, answer: ask = httpCall } = call;
  let answer: HttpAnswer | undefined;
  let fault = '';
  try {
    answer = await ask(`${endpoint}/_cliffracer${path}`, {
      method,
      timeoutMs: CONTROL_TIMEOUT_MS,
      ...(largest !== undefined && { largest }),
      ...(signal !== undefined && { signal }),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    fault = `HTTP ${answer.status}`;
  } catch (error) {
    if (signal?.aborted) throw error;
    fault = (error as Error).message;
  }
  const document = parse(answer?.body ?? '');
  if (answer?.status === 200 && document !== undefined) return document as T;
  if (document?.error?.message !== undefined) throw refusal(document.error, path);
  const found = await probe(endpoint, now);
  if (found.answer !== 'engine') throw unreachable(endpoint, found);
  if (found.kind === 'embedded') {
    throw new CliffracerError('engine_unhealthy', `the engine at ${endpoint} failed to answer ${what}: ${fault}`, {
      hint: 'look at its log: cliffracer logs',
      retryable: true,
    });
  }
  const message = `${what} is a feature of the embedded engine; ${endpoint} is ${ENGINE_NAMES[found.kind]}`;
  throw new CliffracerError('unsupported', message, { hint: 'cliffracer up --engine embedded --port 0' });
}

interface ErrorDocument {
  error?: { code?: string; message?: string };
}

function parse(text: string): ErrorDocument | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

const REFUSALS: readonly ErrorCode[] = ['not_found', 'unsupported', 'conflict'];

/** The command that lists what there is, by the beginning of the path. */
const LISTS: readonly (readonly [string, string])[] = [
  ['/sqs/queues', 'cliffracer queue list'],
  ['/snapshots', 'cliffracer snapshot list'],
  ['/calls', 'cliffracer calls'],
];

function refusal({ code, message }: { code?: string; message?: string }, path: string): CliffracerError {
  const known = REFUSALS.find((each) => each === code) ?? 'invalid_input';
  const list = LISTS.find(([beginning]) => known === 'not_found' && path.startsWith(beginning));
  return new CliffracerError(known, message ?? 'refused by the engine', list && { hint: list[1] });
}
