import type { Effect, Replacement } from './call.ts';
import type { Undone } from './port.ts';

/** Whether an effect put another state in the place of the whole one, and so undid calls before. */
export const isReplacement = (effect: Effect): boolean =>
  effect.kind === 'world' && (effect.change === 'snapshot_loaded' || effect.change === 'reset');

export const undoneByText = ({ change, name }: Replacement): string =>
  `undone by ${change === 'reset' ? 'a reset' : `loading the snapshot ${name}`}`;

/** `12 calls were undone by loading the snapshot before`, for what a reader does not see. */
export const undoneText = ({ calls, by }: Undone): string =>
  `${calls === 1 ? '1 call was' : `${calls} calls were`} ${undoneByText(by)}`;
