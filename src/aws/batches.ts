import type { BatchFailure } from '../ports.ts';
import { type Pauses, pauseMs } from './retry.ts';

export interface BatchLimits<T> {
  count: number;
  /** Bytes of a whole request, and of one member of it. */
  bytes?: number;
  sizeOf?: (item: T) => number;
  /** Batches sent at the same time; 1 by default, so that what a service keeps in order stays in order. */
  atOnce?: number;
}

export interface Member<T> {
  index: number;
  item: T;
}

/** Splits into runs within the limits, never empty; a member above the limit travels alone, for the service to judge. */
export function batchesOf<T>(items: readonly T[], limits: BatchLimits<T>): Member<T>[][] {
  return split(
    items.map((item, index) => ({ item, index })),
    limits,
  );
}

function split<T>(members: readonly Member<T>[], { count, bytes, sizeOf }: BatchLimits<T>): Member<T>[][] {
  const batches: Member<T>[][] = [];
  let batch: Member<T>[] = [];
  let used = 0;
  for (const member of members) {
    const size = sizeOf?.(member.item) ?? 0;
    if (batch.length === count || (batch.length > 0 && bytes !== undefined && used + size > bytes)) {
      batches.push(batch);
      batch = [];
      used = 0;
    }
    batch.push(member);
    used += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

// The first try and the retries of what a batch's answer says failed on the service's side.
const TRIES = 5;

/**
 * Sends everything in batches. Members that failed on the service's side are sent again a few times; what failed for good is
 * returned.
 */
export async function sendBatches<T>(
  items: readonly T[],
  limits: BatchLimits<T>,
  pauses: Pauses,
  send: (batch: readonly Member<T>[]) => Promise<BatchFailure[]>,
): Promise<BatchFailure[]> {
  const failures: BatchFailure[] = [];
  let open = items.map((item, index) => ({ item, index }));
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt > 0) await pauses.sleep(pauseMs(attempt));
    const again = new Set<number>();
    await eachAtOnce(split(open, limits), limits.atOnce ?? 1, async (batch) => {
      for (const failure of await send(batch)) {
        if (failure.senderFault || attempt === TRIES - 1) failures.push(failure);
        else again.add(failure.index);
      }
    });
    open = open.filter(({ index }) => again.has(index));
  }
  return failures.sort((one, other) => one.index - other.index);
}

interface Refused {
  Id?: string | undefined;
  Code?: string | undefined;
  Message?: string | undefined;
  SenderFault?: boolean | undefined;
}

/** Members of a batch that a service refused, with the `Id` that we gave as the index. */
export function failuresOf(failed: readonly Refused[] | undefined): BatchFailure[] {
  return (failed ?? []).map(({ Id, Code, Message, SenderFault }) => ({
    index: Number(Id),
    code: Code ?? 'Unknown',
    message: Message ?? '',
    senderFault: SenderFault ?? false,
  }));
}

/** Runs `work` on every item, a few at a time; after an error it starts no more, and rejects when those that run have ended. */
export async function eachAtOnce<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>) {
  const queue = items.values();
  let failed = false;
  const lanes = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of queue) {
      try {
        if (!failed) await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  });
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
}
