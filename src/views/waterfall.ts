import type { CallTrace, TraceCall, TraceDelivery, TraceMessage } from '../lab/trace/model.ts';
import { callTraceEnding, callTraceHeading } from './call-trace.ts';
import type { Palette, View, ViewContext } from './context.ts';
import { truncate } from './table.ts';
import { duration, safe } from './text.ts';

/** A bar: from `from` it waited until `at`, and worked until `to`, in milliseconds since the trace begins. */
interface Bar {
  name: string;
  from: number;
  at: number;
  to: number;
  colour: keyof Palette;
}

const NAME = 28;
const NAME_NARROW = 20;
const LENGTH = 8;
const NARROW = 70;
/** Of a pipe, which has no width. */
const PIPE = 100;
const WAITING = '░';
const WORKING = '█';

/** Every call from outside and every delivery as a bar over time: ░ in the queue, █ in the consumer. */
export const waterfallView: View<CallTrace> = (trace, context) => {
  const bars = [...trace.messages.flatMap(ofMessage), ...trace.calls.flatMap(ofCall)].sort((a, b) => a.from - b.from);
  const end = Math.max(1, ...bars.map(({ to }) => to));
  return [
    callTraceHeading(trace, context),
    '',
    ...bars.map((bar) => barText(bar, end, context)),
    '',
    context.paint.dim(`${WAITING} in the queue  ${WORKING} in the consumer`),
    callTraceEnding(trace, context),
  ].join('\n');
};

function ofCall({ caller, operation, after_ms, duration_ms, outcome, sends }: TraceCall): Bar[] {
  const own: Bar = {
    ...{
      name: `${caller} ${operation}`,
      from: Math.max(0, after_ms - duration_ms),
      at: Math.max(0, after_ms - duration_ms),
    },
    ...{ to: after_ms, colour: outcome === 'ok' ? 'cyan' : 'red' },
  };
  return [own, ...sends.flatMap(ofMessage)];
}

const ofMessage = ({ copies, deliveries }: TraceMessage): Bar[] => [
  ...copies.flatMap(ofMessage),
  ...deliveries.flatMap(ofDelivery),
];

function ofDelivery(delivery: TraceDelivery): Bar[] {
  const { caller, queue, attempt, after_ms: at, waited_ms, worked_ms, end, calls } = delivery;
  const again = attempt > 1 ? ` #${attempt}` : '';
  const colour = end === 'deleted' ? 'green' : end === 'timed_out' ? 'red' : 'yellow';
  const own: Bar = {
    name: `${queue} ${caller}${again}`,
    from: Math.max(0, at - waited_ms),
    at,
    to: at + (worked_ms ?? 0),
    colour,
  };
  return [own, ...calls.flatMap(({ sends }) => sends).flatMap(ofMessage)];
}

function barText({ name, from, at, to, colour }: Bar, end: number, { width, paint }: ViewContext): string {
  const columns = Number.isFinite(width) ? width : PIPE;
  const nameWidth = columns < NARROW ? NAME_NARROW : NAME;
  const room = columns - nameWidth - LENGTH - 2;
  const column = (ms: number) => Math.min(room, Math.floor((ms / end) * room));
  const [start, middle] = [Math.min(column(from), room - 1), Math.min(column(at), room - 1)];
  const stop = Math.max(column(to), middle + 1);
  const bar =
    ' '.repeat(start) + paint.dim(WAITING.repeat(middle - start)) + paint[colour](WORKING.repeat(stop - middle));
  const label = truncate(safe(name), nameWidth).padEnd(nameWidth);
  return `${label} ${bar}${' '.repeat(room - stop)} ${duration(to - from).padStart(LENGTH)}`;
}
