type Callback = (error: unknown, result?: unknown) => void;

/** A Lambda handler in JavaScript. */
export type Handler = (event: unknown, context: object, callback: Callback) => unknown;

/** Runs a handler, which answers with a promise, with its callback, or at once. */
export function callHandler(handler: Handler, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error == null ? resolve(result) : reject(error));
    const answer = handler(event, context, callback);
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function' || handler.length < 3) resolve(answer);
  });
}
