import { channel } from 'node:diagnostics_channel';

/** A call that this program has made. */
export interface OwnCall {
  /** `SQS ReceiveMessage`, or method and path of a request. */
  name: string;
  /** `ok`, a status or a code. */
  outcome: string;
  duration_ms: number;
}

/** Whoever makes calls reports them here; nobody listens but `--debug`, and then it costs nothing. */
const calls = channel('cliffracer:call');

/** Runs a call and reports it. */
export async function reported<T>(name: string, outcomeOf: (answer: T) => string, call: () => Promise<T>): Promise<T> {
  if (!calls.hasSubscribers) return call();
  const started = performance.now();
  const report = (outcome: string) => calls.publish({ name, outcome, duration_ms: performance.now() - started });
  try {
    const answer = await call();
    report(outcomeOf(answer));
    return answer;
  } catch (error) {
    const { code, name: kind } = error as { code?: string; name?: string };
    report(code ?? kind ?? 'failed');
    throw error;
  }
}

/** Hears of every call from now on, until what it hands back is called. */
export function onEachCall(listen: (call: OwnCall) => void): () => void {
  const onCall = (call: unknown) => listen(call as OwnCall);
  calls.subscribe(onCall);
  return () => void calls.unsubscribe(onCall);
}
