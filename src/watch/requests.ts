import type { WatchedSystem } from '../lab/watch/model.ts';
import type { WatchedEngine } from '../lab/watch/port.ts';
import { plural } from '../views/text.ts';
import type { Request, Subject } from './ui.ts';

export type EngineRequest = Exclude<Request, { kind: 'quit' | 'suspend' | 'redraw' }>;

interface Performed {
  /** Said in the last line; not yet harmless. */
  notice: string;
  /** What is looked at from now on. */
  pinned?: Subject;
}

/** Does what a key asked of the engine. Rejects as its methods do. */
export async function perform(
  { holds, redrive }: WatchedEngine,
  request: EngineRequest,
  system: WatchedSystem,
): Promise<Performed> {
  switch (request.kind) {
    case 'hold': {
      const { queue, held } = await holds.hold(request.queue);
      return { notice: `${queue} is held, with ${plural(held, 'message')}; n gives one to its consumer` };
    }
    case 'end_hold': {
      const { queue, released } = await holds.end(request.queue);
      return { notice: `${queue} is no longer held: ${plural(released, 'message')} released` };
    }
    case 'step': {
      const { queue } = request;
      const isHeld = system.queues.some((each) => each.queue === queue && each.hold !== null);
      if (!isHeld) await holds.hold(queue);
      const { released, held } = await holds.release(queue, { max: 1 });
      const [id] = released;
      if (id === undefined) return { notice: `${queue} has no message to release` };
      return { notice: `released ${id} of ${queue}, ${held} held`, pinned: { kind: 'trace', id } };
    }
    case 'redrive':
      // Of several, each message goes back to the one that it came from.
      await redrive(request.from, request.to.length === 1 ? request.to[0] : undefined);
      return { notice: `the engine moves the messages of ${request.from} to ${request.to.join(', ')}` };
  }
}
