import type { Engine, Fired } from '../core/engine.ts';
import { badRequest, type ControlRoutes, isoTime } from './routing.ts';

const LONGEST_ADVANCE_MS = 100 * 366 * 86_400_000;
const MOST_FIRED = 1000;

/** `/_cliffracer/clock`: shows the engine's clock, stops it, lets it run on, and moves it ahead. */
export function clockRoutes(engine: Engine): ControlRoutes {
  const answer = (fired: readonly Fired[]) => ({
    clock: describeClock(engine),
    fired_count: fired.length,
    fired: fired.slice(0, MOST_FIRED).map(describeFired),
  });
  return {
    'GET /': () => {
      engine.settle();
      return { clock: describeClock(engine) };
    },
    'POST /freeze': () => answer(engine.freeze()),
    'POST /resume': () => {
      engine.resume();
      return answer([]);
    },
    'POST /advance': ({ body }) => answer(engine.advanceTo(engine.clock.now() + milliseconds(body.ms))),
    'POST /next': () => answer(engine.advanceToNext()),
  };
}

function milliseconds(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > LONGEST_ADVANCE_MS) {
    throw badRequest(`ms must be a number of milliseconds from 0 to ${LONGEST_ADVANCE_MS}`);
  }
  return Math.ceil(value);
}

function describeClock(engine: Engine) {
  const now = engine.clock.now();
  const next = engine.state.timers[0];
  return {
    now: isoTime(now),
    now_ms: now,
    frozen: engine.clock.frozen,
    pending_timers: engine.state.timers.length,
    // The earliest timer; it may turn out to have nothing to do any more.
    next:
      next === undefined
        ? null
        : {
            at: isoTime(next.at),
            at_ms: next.at,
            in_ms: Math.max(0, next.at - now),
            service: next.service,
            kind: next.kind,
          },
  };
}

const describeFired = ({ at, service, kind, what }: Fired) => ({ at: isoTime(at), at_ms: at, service, kind, what });
