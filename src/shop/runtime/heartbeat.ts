import type { Clock } from '../../clock.ts';
import type { Ports } from '../../ports.ts';

/** The queues' visibility timeout; it is extended for messages in flight well before it ends. */
export const VISIBILITY_SECONDS = 30;
const EVERY_MS = 10_000;

export interface Lease {
  queue: string;
  receiptHandle: string;
}

/** Extends the visibility timeout of messages that are handled or shown for long. */
export function startHeartbeat(
  deps: { ports: Ports; clock: Clock },
  leases: () => readonly Lease[],
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = extendPeriodically(deps, leases, stopping.signal);
  return {
    /** Waits for a running extension, which must not overwrite what the caller does next. */
    async stop() {
      // An own reason is cheaper: the default one is an exception with a stack.
      stopping.abort('stopped');
      await running;
    },
  };
}

async function extendPeriodically(
  { ports, clock }: { ports: Ports; clock: Clock },
  leases: () => readonly Lease[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const start = clock.now();
    await clock.sleep(EVERY_MS, signal);
    // On a frozen clock no timeout ends, and sleep returns at once.
    if (signal.aborted || clock.now() === start) return;
    await Promise.all([...byQueue(leases())].map(([queue, handles]) => extend(ports, queue, handles)));
  }
}

/** Receipt handles by queue. */
export function byQueue(leases: Iterable<Lease>): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { queue, receiptHandle } of leases) {
    const handles = grouped.get(queue);
    if (handles === undefined) grouped.set(queue, [receiptHandle]);
    else handles.push(receiptHandle);
  }
  return grouped;
}

async function extend(ports: Ports, queue: string, handles: readonly string[]): Promise<void> {
  const entries = handles.map((receiptHandle) => ({ receiptHandle, seconds: VISIBILITY_SECONDS }));
  try {
    await ports.queues.changeVisibility(queue, entries);
  } catch {
    // In the worst case the message is delivered twice, which every service tolerates.
  }
}
