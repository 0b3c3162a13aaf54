import type { CallLog } from '../calls/log.ts';
import { lastPart } from '../calls/resources.ts';
import type { Scope } from '../core/types.ts';

/** Who received, or tried to, in the last five minutes of engine time. */
const LATELY_MS = 300_000;
/** Reading a request back is dear. */
const MOST_READ = 5_000;

/** The program of this engine, which receives to purge, to move and to look, and handles nothing. */
const OWN_NAME = 'cliffracer';

export interface Consumer {
  caller: string;
  /** Of its latest answer, milliseconds since the epoch. */
  at: number;
  /** Messages that it got. */
  received: number;
}

/** Callers that received from each queue of a scope lately, the latest first. */
export function consumersSeen(log: CallLog | undefined, { account, region }: Scope, now: number) {
  const byQueue = new Map<string, Consumer[]>();
  if (log === undefined) return byQueue;
  let read = 0;
  for (let seq = log.next - 1; seq >= log.first && read < MOST_READ; seq--) {
    const entry = log.at(seq)!;
    if (entry.at < now - LATELY_MS) break;
    if (
      entry.caller === OWN_NAME ||
      entry.operation !== 'ReceiveMessage' ||
      entry.account !== account ||
      entry.region !== region
    )
      continue;
    read++;
    const { QueueUrl: url } = (entry.input(log.bytes) ?? {}) as { QueueUrl?: unknown };
    if (typeof url !== 'string') continue;
    const consumers = byQueue.get(lastPart(url)) ?? [];
    byQueue.set(lastPart(url), consumers);
    const consumer = consumers.find(({ caller }) => caller === entry.caller);
    const received = entry.effects?.filter((each) => each.kind === 'message' && each.change === 'received').length ?? 0;
    if (consumer === undefined) consumers.push({ caller: entry.caller, at: entry.at, received });
    else consumer.received += received;
  }
  return byQueue;
}
