import { InvalidArgumentError } from 'commander';
import { FAULT_KINDS, type FaultKind } from '../../shop/storms/faults.ts';
import { FLAW_NAMES, type Flaw, flawedHandlers } from '../../shop/storms/flawed/flaws.ts';
import { type Handlers, RIGHT_HANDLERS } from '../../shop/storms/handlers.ts';

/** `all`, `none`, or some of the kinds. */
export function faultKinds(text: string): FaultKind[] {
  if (text === 'all') return [...FAULT_KINDS];
  if (text === 'none') return [];
  const named = text.split(',').map((part) => part.trim());
  for (const name of named) {
    if (!(FAULT_KINDS as readonly string[]).includes(name)) {
      throw new InvalidArgumentError(`"${name}" is no fault; there are all, none, and ${FAULT_KINDS.join(', ')}.`);
    }
  }
  return FAULT_KINDS.filter((kind) => named.includes(kind));
}

/** `3,7,9`: the numbers that faults bear in a storm. */
export function faultNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => part.trim());
  if (!numbers.every((number) => /^[1-9]\d{0,8}$/.test(number))) {
    throw new InvalidArgumentError('It must be numbers of faults, as 3,7,9.');
  }
  return numbers.map(Number);
}

export type HandlersName = 'right' | 'flawed' | `flawed:${string}`;

/** `right`, `flawed`, or `flawed:` and some of the flaws. */
export function handlersName(text: string): HandlersName {
  if (text === 'right' || text === 'flawed') return text;
  const flaws = text.startsWith('flawed:') ? text.slice('flawed:'.length).split(',') : [];
  const unknown = flaws.find((flaw) => !(FLAW_NAMES as readonly string[]).includes(flaw));
  if (flaws.length > 0 && unknown === undefined) return `flawed:${flaws.join(',')}`;
  throw new InvalidArgumentError(`It must be right, flawed, or flawed: and some of ${FLAW_NAMES.join(', ')}.`);
}

export function flawsOf(name: HandlersName): readonly Flaw[] {
  if (name === 'right') return [];
  return name === 'flawed' ? FLAW_NAMES : (name.slice('flawed:'.length).split(',') as Flaw[]);
}

/** What makes the handlers of a storm. */
export function handlersOf(name: HandlersName): (seed: number) => Handlers {
  const flaws = new Set(flawsOf(name));
  return (seed) => (flaws.size === 0 ? RIGHT_HANDLERS : flawedHandlers(flaws, seed));
}
