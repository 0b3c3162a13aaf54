import type { View } from './context.ts';
import { plural, safe } from './text.ts';

export interface Exported {
  /** File or address. */
  to: string;
  calls: number;
  spans: number;
  traces: number;
  /** Calls that are not in it, as a loaded snapshot or a reset has undone them. */
  undone: number;
}

export const exportedView: View<Exported> = ({ to, calls, spans, traces, undone }) => {
  const without =
    undone === 0 ? '' : `, without ${plural(undone, 'call')} that ${undone === 1 ? 'was' : 'were'} undone`;
  return `${plural(spans, 'span')} of ${plural(traces, 'trace')} from ${plural(calls, 'call')} to ${safe(to)}${without}`;
};
