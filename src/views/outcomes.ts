import type { Outcome } from '../shop/runtime/facts.ts';
import type { Palette } from './context.ts';

export type Mark = readonly [mark: string, colour: keyof Palette];

/** How each outcome of a message is marked, wherever one is shown; `published` is an event that came from outside. */
export const OUTCOME_MARKS: Readonly<Record<Outcome | 'published', Mark>> = {
  published: ['→', 'blue'],
  handled: ['✓', 'green'],
  duplicate: ['≡', 'cyan'],
  ignored: ['·', 'dim'],
  failed: ['!', 'yellow'],
  poison: ['✗', 'red'],
};

/** For an outcome as a log line has it, which may be anything. */
export const markOf = (outcome: string): Mark =>
  Object.hasOwn(OUTCOME_MARKS, outcome) ? OUTCOME_MARKS[outcome as Outcome] : ['?', 'yellow'];
