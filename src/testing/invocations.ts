import { AsyncLocalStorage } from 'node:async_hooks';
import type { SdkRequest, SdkRequestHandler } from '../emulator/request-handler.ts';
import { LabError } from './error.ts';

/** A handler at work on what was received. */
export interface Invocation {
  consumer: string;
  /** X-Ray trace header of what it was given. */
  trace: string;
  messages: readonly string[];
  /** Why its calls are refused: it is late, and the world is another one. */
  over: string | undefined;
  /** Ends with it, whatever the handler does. */
  ended: AbortController;
}

/**
 * The handlers at work in this process. Whatever a handler calls, through whichever client, is made in its name and with its
 * trace: the call log then tells which message a call belongs to.
 */
export class Invocations {
  readonly #current = new AsyncLocalStorage<Invocation>();
  readonly #all = new Set<Invocation>();
  #followers: (() => void)[] = [];

  /** Runs a handler; resolves when it is done, or rejects when it was given up. */
  async run<T>(about: Pick<Invocation, 'consumer' | 'trace' | 'messages'>, handler: (of: Invocation) => T): Promise<T> {
    const invocation: Invocation = { ...about, over: undefined, ended: new AbortController() };
    const { signal } = invocation.ended;
    this.#all.add(invocation);
    try {
      return await Promise.race([
        this.#current.run(invocation, async () => handler(invocation)),
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => {
            if (invocation.over !== undefined) reject(new LabError(invocation.over));
          });
        }),
      ]);
    } finally {
      this.#all.delete(invocation);
      invocation.ended.abort();
      this.#tell();
    }
  }

  /** Gives up an invocation: its handler may go on, but not call any more. */
  giveUp(invocation: Invocation, why: string): void {
    invocation.over = why;
    invocation.ended.abort();
  }

  giveUpAll(why: string): void {
    for (const invocation of this.#all) this.giveUp(invocation, why);
  }

  get all(): Iterable<Invocation> {
    return this.#all;
  }

  /** Calls `changed` once, with the next end of an invocation. */
  follow(changed: () => void): () => void {
    this.#followers.push(changed);
    return () => {
      this.#followers = this.#followers.filter((each) => each !== changed);
    };
  }

  #tell(): void {
    const followers = this.#followers;
    this.#followers = [];
    for (const changed of followers) changed();
  }

  /** What clients take as `requestHandler`: requests of a handler bear its name and trace, those of the test `test`. */
  requestHandler(inner: SdkRequestHandler): SdkRequestHandler {
    return {
      ...inner,
      handle: async (request: SdkRequest, options?: { abortSignal?: unknown }) => {
        const invocation = this.#current.getStore();
        if (invocation?.over !== undefined) throw new LabError(`${request.method} refused: ${invocation.over}`);
        return inner.handle({ ...request, headers: named(request.headers, invocation) }, options);
      },
    };
  }

  close(): void {
    this.#current.disable();
  }
}

function named(headers: Record<string, string>, invocation: Invocation | undefined): Record<string, string> {
  const agent = Object.keys(headers).find((name) => name.toLowerCase() === 'user-agent') ?? 'user-agent';
  const known = headers[agent] ?? '';
  if (invocation !== undefined) {
    return { ...headers, [agent]: `app/${invocation.consumer} ${known}`, 'x-amzn-trace-id': invocation.trace };
  }
  return known.includes('app/') ? headers : { ...headers, [agent]: `app/test ${known}` };
}
