import { FLAW_NAMES, type Flaw, flawedHandlers } from '../shop/storms/flawed/flaws.ts';
import { CORRECT_HANDLERS, type Handlers } from '../shop/storms/handlers.ts';

export type HandlersName = 'right' | 'flawed' | `flawed:${string}`;

export function flawsOf(name: HandlersName): readonly Flaw[] {
  if (name === 'right') return [];
  return name === 'flawed' ? FLAW_NAMES : (name.slice('flawed:'.length).split(',') as Flaw[]);
}

/** What makes the handlers of a storm. */
export function handlersOf(name: HandlersName): (seed: number) => Handlers {
  const flaws = new Set(flawsOf(name));
  return (seed) => (flaws.size === 0 ? CORRECT_HANDLERS : flawedHandlers(flaws, seed));
}
