import type { Middleware } from './errors.ts';

const ORIGIN = Symbol('origin');

interface Sent {
  input: { [ORIGIN]?: Origin };
  request: { headers: Record<string, string> };
}

/** By which the engine's call log tells a call from others that the program makes at the same time. */
export interface Origin {
  /** As in `Root=1-5759e988-bd862e3fe1be46a994272793`. */
  traceHeader?: string | undefined;
  /** In whose name it is, instead of this program's. */
  caller?: string;
}

const APP = /(^|\s)app\/[!-~]+/;

/**
 * Gives chosen calls X-Ray's header (X-Ray Developer Guide, Tracing header), and a name of their own in the user agent (AWS
 * SDKs and Tools Reference Guide, Application ID). To stand behind the SDK's own user agent.
 */
export const traceHeaders: Middleware = (next) => (args) => {
  const { input, request } = args as unknown as Sent;
  const { traceHeader, caller } = input[ORIGIN] ?? {};
  if (traceHeader !== undefined) request.headers['X-Amzn-Trace-Id'] = traceHeader;
  if (caller !== undefined) nameCaller(request.headers, caller);
  return next(args);
};

/** The input with its origin: under a symbol, which the SDK does not send, and takes along where it copies inputs (S3). */
export const withOrigin = (input: object, origin: Origin): object => ({ ...input, [ORIGIN]: origin });

function nameCaller(headers: Record<string, string>, caller: string): void {
  for (const name of ['user-agent', 'x-amz-user-agent']) {
    const text = headers[name];
    if (text !== undefined) headers[name] = text.replace(APP, `$1app/${caller}`);
  }
}
