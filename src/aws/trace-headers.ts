import type { Middleware } from './errors.ts';

interface Sent {
  input: object;
  request: { headers: Record<string, string> };
}

/**
 * Gives chosen calls X-Ray's header (X-Ray Developer Guide, Tracing header), by which the engine's call log tells them from
 * what the program does at the same time.
 */
export class TraceHeaders {
  readonly #roots = new WeakMap<object, string>();

  /** `root` as in `1-5759e988-bd862e3fe1be46a994272793`. */
  mark(input: object, root: string): void {
    this.#roots.set(input, root);
  }

  readonly middleware: Middleware = (next) => (args) => {
    const { input, request } = args as unknown as Sent;
    const root = this.#roots.get(input);
    if (root !== undefined) request.headers['X-Amzn-Trace-Id'] = `Root=${root}`;
    return next(args);
  };
}
