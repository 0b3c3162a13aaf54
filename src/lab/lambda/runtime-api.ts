import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InvocationError } from './facts.ts';

/** What a runtime is given to handle. */
export interface RuntimeEvent {
  requestId: string;
  /** Milliseconds since the epoch. */
  deadline(): number;
  functionArn: string;
  trace: string;
  /** JSON. */
  event: string;
}

export type RuntimeAnswer = { response: string } | { error: InvocationError };

/** Lambda quotas: a synchronous invocation answers with at most 6 MB. */
const LARGEST_ANSWER = 6 * 1024 * 1024;
const PREFIX = '/2018-06-01/runtime/';

interface Pending {
  event: RuntimeEvent;
  taken(): void;
  answered(answer: RuntimeAnswer): void;
  sent: boolean;
}

/**
 * The Lambda Runtime API (Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes") for one execution
 * environment, on a loopback port of its own: a runtime is told a host and a port, and nothing else tells two of them apart.
 */
export class RuntimeApi {
  readonly #server: Server;
  #waiting: ServerResponse | undefined;
  #pending: Pending | undefined;
  /** Told when the runtime could not be initialised. */
  onInitError: (error: InvocationError) => void = () => {};
  /** Told when the runtime asks for work. */
  onReady: () => void = () => {};

  private constructor() {
    this.#server = createServer((request, response) => {
      // A runtime that ends in the middle of its answer is told of by its process.
      this.#serve(request, response).catch(() => response.destroy());
    });
    // A runtime waits for its next event for as long as there is none.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 0;
  }

  static async listen(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** Whether the runtime waits for work. */
  get isAsked(): boolean {
    return this.#waiting !== undefined;
  }

  /** Host and port, for AWS_LAMBDA_RUNTIME_API. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands an event to the runtime when it asks for one; `taken` is called then. One at a time. */
  invoke(event: RuntimeEvent, taken: () => void): Promise<RuntimeAnswer> {
    return new Promise((answered) => {
      this.#pending = { event, taken, answered, sent: false };
      this.#offer();
    });
  }

  /** Ends the invocation that is under way, as the runtime will not. */
  fail(error: InvocationError): void {
    this.#answer({ error });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : '';
    if (request.method === 'GET' && path === 'invocation/next') return this.#next(response);
    const body = await bodyOf(request);
    const [, id, end] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (request.method !== 'POST' || (id === undefined && path !== 'init/error'))
      return refuse(response, 404, 'InvalidRequest', `there is no ${request.method} ${request.url}`);
    if (body === undefined) {
      this.fail({
        type: 'Function.ResponseSizeTooLarge',
        message: `the answer is larger than ${LARGEST_ANSWER} bytes`,
      });
      return refuse(response, 413, 'RequestEntityTooLarge', 'the answer is larger than 6 MB');
    }
    if (id === undefined) this.onInitError(errorOf(body, request, 'Runtime.Unknown'));
    else if (this.#pending?.event.requestId !== id || !this.#pending.sent)
      return refuse(response, 400, 'InvalidRequestID', `no invocation ${id} is under way`);
    else this.#answer(end === 'response' ? { response: body } : { error: errorOf(body, request, 'Function.Unknown') });
    send(response, 202, '{"status":"OK"}');
  }

  #next(response: ServerResponse): void {
    this.#waiting = response;
    response.once('close', () => {
      if (this.#waiting === response) this.#waiting = undefined;
    });
    this.onReady();
    this.#offer();
  }

  #offer(): void {
    const waiting = this.#waiting;
    const pending = this.#pending;
    if (waiting === undefined || pending === undefined || pending.sent) return;
    this.#waiting = undefined;
    pending.sent = true;
    pending.taken();
    const { event, requestId, functionArn, trace, deadline } = pending.event;
    send(waiting, 200, event, {
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': String(deadline()),
      'Lambda-Runtime-Invoked-Function-Arn': functionArn,
      'Lambda-Runtime-Trace-Id': trace,
    });
  }

  #answer(answer: RuntimeAnswer): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.answered(answer);
  }
}

/** Undefined when it is too large. Rejects when the runtime goes away over it. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= LARGEST_ANSWER) parts.push(part);
    });
    request.once('end', () => resolve(size > LARGEST_ANSWER ? undefined : Buffer.concat(parts).toString()));
    request.once('error', reject);
  });
}

function errorOf(body: string, { headers }: IncomingMessage, otherwise: string): InvocationError {
  let said: { errorType?: unknown; errorMessage?: unknown } = {};
  try {
    said = (JSON.parse(body) as typeof said) ?? {};
  } catch {}
  const type = headers['lambda-runtime-function-error-type'];
  return {
    type: typeof said.errorType === 'string' ? said.errorType : typeof type === 'string' ? type : otherwise,
    message: typeof said.errorMessage === 'string' ? said.errorMessage : body.slice(0, 1000),
  };
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  send(response, status, JSON.stringify({ errorMessage, errorType }));
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
