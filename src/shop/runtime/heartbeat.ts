import type { Ports } from '../../ports.ts';
import type { Clock } from './clock.ts';

/** The queues' visibility timeout; messages in hand get it anew, well before it is over. */
const VISIBILITY_SECONDS = 30;
const EVERY_MS = 10_000;

export interface InHand {
  queue: string;
  receiptHandle: string;
}

/** Keeps messages from being delivered to somebody else while they are worked on, or looked at, for long. */
export function startHeartbeat(
  deps: { ports: Ports; clock: Clock },
  inHand: () => readonly InHand[],
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const beating = beat(deps, inHand, stopping.signal);
  return {
    /** Waits for a beat under way, which must not undo what the caller does to the messages next. */
    async stop() {
      // With a reason of its own: making the default one, an exception with a stack, costs more than the rest of the beat.
      stopping.abort('stopped');
      await beating;
    },
  };
}

async function beat(
  { ports, clock }: { ports: Ports; clock: Clock },
  inHand: () => readonly InHand[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const start = clock.now();
    await clock.sleep(EVERY_MS, signal);
    // Where time stands still no timeout ends, and sleep returns at once for ever.
    if (signal.aborted || clock.now() === start) return;
    await Promise.all([...byQueue(inHand())].map(([queue, handles]) => extend(ports, queue, handles)));
  }
}

/** Receipt handles by queue. */
export function byQueue(inHand: Iterable<InHand>): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { queue, receiptHandle } of inHand) {
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
    // Worst case the message is delivered twice, which every service bears; the work itself meets the same trouble.
  }
}
