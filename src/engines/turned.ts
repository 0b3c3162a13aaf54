/** The time that an engine shows whose clock has been turned. */
export interface TurnedClock {
  /** Milliseconds since the epoch. */
  at: number;
  frozen: boolean;
}

/** The embedded engine's own header (src/emulator/index.ts); its Date header is the machine's time. */
const HEADER = 'x-cliffracer-clock';

/** What an answer's headers say of it; undefined where the clock is as it was. */
export function turnedClock(
  headers: Readonly<Record<string, string | undefined>> | undefined,
): TurnedClock | undefined {
  const [, digits, frozen] = /^(\d{1,15})( frozen)?$/.exec(headers?.[HEADER] ?? '') ?? [];
  return digits === undefined ? undefined : { at: Number(digits), frozen: frozen !== undefined };
}
