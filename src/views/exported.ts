import type { View } from './context.ts';
import { plural, safe } from './text.ts';

export interface Exported {
  /** File or address. */
  to: string;
  calls: number;
  spans: number;
  traces: number;
}

export const exportedView: View<Exported> = ({ to, calls, spans, traces }) =>
  `${plural(spans, 'span')} of ${plural(traces, 'trace')} from ${plural(calls, 'call')} to ${safe(to)}`;
