import { CliffracerError } from '../../errors.ts';
import { type Desired, idOf, type Observed } from './resources.ts';

/** Refuses to touch a stack of which somebody else has made a part, under our names and without our tag. */
export function refuseStrangers(desired: readonly Desired[], observed: readonly Observed[]): void {
  const wanted = new Set(desired.map(idOf));
  const strangers = observed.filter((each) => !each.ours && wanted.has(idOf(each)));
  if (strangers.length === 0) return;
  const names = strangers.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  throw new CliffracerError('refused', `not made by this program, so not changed: ${names}`, {
    hint: 'use another stack: --stack NAME',
  });
}
