import { CliffracerError, type ErrorCode } from '../../errors.ts';
import type { StepError } from './facts.ts';

// Failures of the engine, not of a message: the loop stops or waits.
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  'engine_unreachable',
  'engine_unhealthy',
  'not_an_engine',
  'not_provisioned',
  'refused',
  'interrupted',
]);

export const isOutage = (error: unknown): error is CliffracerError =>
  error instanceof CliffracerError && OUTAGES.has(error.code);

/** An error as it stands in facts and log lines; an unexpected one keeps its stack. */
export function stepErrorOf(error: unknown): StepError {
  if (error instanceof CliffracerError) return { code: error.code, message: error.message };
  if (error instanceof Error) {
    return { code: 'internal', message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
  }
  return { code: 'internal', message: String(error) };
}
