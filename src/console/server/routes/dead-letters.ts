import { CliffracerError } from '../../../errors.ts';
import { type Expression, parseExpression } from '../../../expression/parser.ts';
import { inspectDeadLetters } from '../../../lab/dead-letters/inspect.ts';
import { redrive } from '../../../lab/dead-letters/redrive.ts';
import { type ConsoleDeps, type Routes, reads, writes } from '../deps.ts';

const MOST = 200;

/** `dead_letters` of a queue with their reasons, and the way back for one, for those of a reason, or for all. */
export function deadLetterRoutes({ deadLetters, laboratory, about, clock }: ConsoleDeps): Routes {
  return {
    dead_letters: reads(async (input) => {
      // Elsewhere than on the embedded engine, looking is receiving.
      if (about.laboratory !== true && about.write !== true) throw new CliffracerError('refused', about.write);
      const place = await deadLetters(input.text('queue'));
      return { letters: await inspectDeadLetters(place, { limit: MOST, stacks: true }) };
    }),
    'dead_letters/redrive': writes(async (input, signal) => {
      const place = await deadLetters(input.text('queue'));
      const to = place.sources[0];
      if (to === undefined || place.sources.length > 1) {
        throw new CliffracerError('usage', `dead letters of several queues are in ${place.fullName}`, {
          hint: `cliffracer dlq redrive ${place.fullName} --to QUEUE`,
        });
      }
      const [message, reason, body] = ['message', 'reason', 'body'].map((name) => input.maybeText(name));
      const where = whereOf(message, reason);
      const move = () =>
        redrive({ to, where, ...(message !== undefined && { max: 1 }), signal }, { from: place, clock });
      if (message === undefined || body === undefined) return move();
      return edited(place.fullName, message, body, move);
    }),
  };

  /** Held, a message of the embedded engine gets another body as it is released; it is the only one that moving receives. */
  async function edited<T>(queue: string, message: string, body: string, move: () => Promise<T>): Promise<T> {
    if (about.laboratory !== true) throw new CliffracerError('unsupported', about.laboratory);
    const { holds } = laboratory;
    const held = (await holds.queues()).find((each) => each.queue === queue)?.hold != null;
    if (!held) await holds.hold(queue);
    try {
      await holds.release(queue, { message, body });
      return await move();
    } finally {
      if (!held) await holds.end(queue);
    }
  }
}

function whereOf(message: string | undefined, reason: string | undefined): Expression | undefined {
  const [field, value] = message !== undefined ? ['message_id', message] : ['reason', reason];
  if (value === undefined) return undefined;
  return parseExpression(`${field} = "${value.replace(/["\\]/g, '\\$&')}"`);
}
