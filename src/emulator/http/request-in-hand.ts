import type { EmulatorRequest } from '../protocols/wire.ts';
import type { RequestHead } from './request-head.ts';

const NO_BODY = Buffer.alloc(0);

/** A request between its head and the end of its answer. */
export class RequestInHand implements EmulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | undefined>;
  readonly keepAlive: boolean;
  readonly secure: boolean;
  body: Buffer = NO_BODY;
  oversized = false;
  #aborter: AbortController | undefined;
  #isOver = false;

  constructor({ method, url, headers, keepAlive }: RequestHead, secure: boolean) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.keepAlive = keepAlive;
    this.secure = secure;
  }

  /** Made when somebody asks for it: few requests wait for anything. */
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#isOver) this.#aborter.abort();
    return this.#aborter.signal;
  }

  /** Nobody waits any more for the answer. */
  abort(): void {
    this.#isOver = true;
    this.#aborter?.abort();
  }
}
