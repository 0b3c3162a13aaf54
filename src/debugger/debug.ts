import { CliffracerError } from '../errors.ts';
import type { Controller } from './controller.ts';
import type { DebugEnd, DebugFact } from './facts.ts';
import type { Debuggee } from './model.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';

/**
 * Stops at one message after the other and does what the controller says. Whatever happens, the holds that were made are
 * ended. The last fact is the summary.
 */
export async function* debug(
  debuggee: Debuggee,
  controller: Controller,
  options: SessionOptions,
): AsyncGenerator<DebugFact, void, undefined> {
  const started = options.elapsed();
  const session = new Session(debuggee, controller, options);
  let ended: DebugEnd = 'interrupted';
  let released: string[] = [];
  try {
    ended = yield* session.run();
  } catch (error) {
    // Ctrl-C at a question.
    if (!(error instanceof CliffracerError) || error.code !== 'interrupted') throw error;
  } finally {
    await session.undoable.clear();
    released = await debuggee.close();
  }
  yield { kind: 'summary', ended, ...session.tally, released, duration_ms: options.elapsed() - started };
}
