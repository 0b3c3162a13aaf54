/** The time of an engine whose clock was advanced or frozen. */
export interface EngineTime {
  /** Milliseconds since the epoch. */
  at: number;
  frozen: boolean;
}

/** The embedded engine's own header (src/emulator/index.ts); its Date header is the machine's time. */
const HEADER = 'x-cliffracer-clock';

/** The engine's time from the headers of a response; undefined while its clock is the machine's. */
export function parseClockHeader(
  headers: Readonly<Record<string, string | undefined>> | undefined,
): EngineTime | undefined {
  const [, digits, frozen] = /^(\d{1,15})( frozen)?$/.exec(headers?.[HEADER] ?? '') ?? [];
  return digits === undefined ? undefined : { at: Number(digits), frozen: frozen !== undefined };
}
