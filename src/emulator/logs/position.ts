import type { LogEvent } from './state.ts';

/** A place in the order of events: that of an event, whether or not it still exists. */
export interface Position {
  timestamp: number;
  sequence: number;
}

export const START: Position = { timestamp: 0, sequence: 0 };

export function comparePositions(a: Position, b: Position): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

const TIMESTAMP_DIGITS = 19;
const SEQUENCE_DIGITS = 36;

/** 56 digits, as AWS's event ids have, that sort as the events do. */
export function eventId({ timestamp, sequence }: Position): string {
  return `3${String(timestamp).padStart(TIMESTAMP_DIGITS, '0')}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
}

export function parseEventId(id: string): Position | undefined {
  const digits = /^3(\d{19})(\d{36})$/.exec(id);
  if (digits === null) return undefined;
  const position = { timestamp: Number(digits[1]), sequence: Number(digits[2]) };
  return Number.isSafeInteger(position.timestamp) && Number.isSafeInteger(position.sequence) ? position : undefined;
}

export const positionOf = ({ timestamp, sequence }: LogEvent): Position => ({ timestamp, sequence });
