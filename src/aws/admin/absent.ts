import { CliffracerError } from '../../errors.ts';

/** The answer to a question about something that may not exist. */
export async function ifPresent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CliffracerError && error.code === 'not_provisioned') return undefined;
    throw error;
  }
}
