import type { Engine } from '../core/engine.ts';
import { settle } from '../settle/settle.ts';
import { badRequest, ControlError, type ControlRoutes, isoTime } from './routing.ts';

const DEFAULT_PATIENCE_MS = 5_000;
const LONGEST_PATIENCE_MS = 600_000;
/** Longer than any visibility timeout. */
const DEFAULT_WITHIN_MS = 13 * 3_600_000;
const LONGEST_WITHIN_MS = 100 * 366 * 86_400_000;

/** `/_cliffracer/settled`: answers when all queues are empty, turning the clock meanwhile, or nothing happens any more. */
export function settleRoutes(engine: Engine): ControlRoutes {
  return {
    'POST /': async ({ body, signal }) => {
      if (engine.calls === undefined) throw new ControlError(404, 'unsupported', 'this engine keeps no log of calls');
      const settled = await settle(engine, {
        except: new Set(names(body.except)),
        patienceMs: milliseconds('patience_ms', body.patience_ms, DEFAULT_PATIENCE_MS, LONGEST_PATIENCE_MS),
        withinMs: milliseconds('within_ms', body.within_ms, DEFAULT_WITHIN_MS, LONGEST_WITHIN_MS),
        signal,
      });
      return { ...settled, now: isoTime(engine.clock.now()) };
    },
  };
}

function names(value: unknown = []): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.every((name) => typeof name === 'string')) return list as string[];
  throw badRequest('except must be a list of names of queues');
}

function milliseconds(name: string, value: unknown, otherwise: number, most: number): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw badRequest(`${name} must be a number of milliseconds from 0 to ${most}`);
}
