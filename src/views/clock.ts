import type { View } from './context.ts';
import { duration, plural, safe } from './text.ts';

/** What the embedded engine tells of its clock, and what fired when it was turned. */
export interface ClockView {
  clock: {
    now: string;
    frozen: boolean;
    pending_timers: number;
    next: { at: string; in_ms: number; service: string; kind: string } | null;
  };
  fired_count?: number;
  fired?: readonly { at: string; service: string; kind: string; what: string }[];
}

export const clockView: View<ClockView> = ({ clock, fired, fired_count }, context) => {
  const { paint } = context;
  const field = (label: string, value: string) => `${paint.dim(label.padEnd(8))} ${value}`;
  const { next } = clock;
  const lines = [
    field('time', `${safe(clock.now)}  ${clock.frozen ? paint.yellow('frozen') : paint.green('running')}`),
    field('timers', plural(clock.pending_timers, 'timer')),
    ...(next === null
      ? []
      : [field('next', `${safe(next.service)} ${safe(next.kind)} in ${longDuration(next.in_ms)}`)]),
  ];
  if (fired === undefined) return lines.join('\n');
  const happened = fired.map(
    ({ at, service, what }) => `  ${paint.dim(safe(at))}  ${paint.cyan(safe(service))}  ${safe(what)}`,
  );
  const more = (fired_count ?? 0) - fired.length;
  return [
    ...lines,
    happened.length === 0 ? paint.dim('Nothing fired.') : `${plural(fired_count ?? fired.length, 'timer')} fired:`,
    ...happened,
    ...(more > 0 ? [paint.dim(`  and ${more} more`)] : []),
  ].join('\n');
};

const longDuration = (ms: number) => duration(Math.round(ms));
