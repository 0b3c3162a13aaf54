import { CliffracerError } from '../errors.ts';
import { hintText } from '../views/remedy.ts';

/** What a question says of an answer: true, or why a check refuses it, as the same value of a flag would be refused. */
export function verdictOf(check: () => void): true | string {
  try {
    check();
    return true;
  } catch (error) {
    return error instanceof CliffracerError
      ? [error.message, error.hint && hintText(error.hint)].filter(Boolean).join(': ')
      : String(error);
  }
}
