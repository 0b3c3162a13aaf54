import type { SqsState } from './state.ts';

/** The next of the 20-digit numbers, rising but not consecutive, that FIFO queues give to messages. */
export function nextSequenceNumber(state: SqsState): string {
  state.sequence++;
  return `188${String(state.sequence * 256).padStart(17, '0')}`;
}
