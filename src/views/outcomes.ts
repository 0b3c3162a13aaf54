import type { Palette } from './context.ts';

/** How each outcome of a message is marked, wherever one is shown. */
export const OUTCOME_MARKS: Readonly<Record<string, readonly [mark: string, colour: keyof Palette]>> = {
  published: ['→', 'blue'],
  handled: ['✓', 'green'],
  duplicate: ['≡', 'cyan'],
  ignored: ['·', 'dim'],
  failed: ['!', 'yellow'],
  poison: ['✗', 'red'],
};
