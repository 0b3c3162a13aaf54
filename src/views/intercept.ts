import { REFUSAL } from '../lab/intercept/refusal.ts';
import type { View } from './context.ts';
import { safe } from './text.ts';

/** Of a host that a program asked for and did not get. */
export const refusedView: View<{ target: string }> = ({ target }, { paint }) =>
  `${paint.yellow('refused:')} ${safe(target)}: ${REFUSAL}`;
