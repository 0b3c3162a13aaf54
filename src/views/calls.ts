import type { Call } from '../lab/calls/call.ts';
import type { Undone } from '../lab/calls/port.ts';
import { undoneByText, undoneText } from '../lab/calls/undone.ts';
import type { View, ViewContext } from './context.ts';
import { effectText } from './effects.ts';
import { truncate } from './table.ts';
import { duration, plural, safe } from './text.ts';

const SEQ = 5;
const CALLER = 10;
const CALLER_NARROW = 8;
/** The longest name of a service of the shop. */
const CALLER_WIDE = 19;
const TIME = 12;
/** Without the milliseconds. */
const TIME_NARROW = 8;
const DURATION = 7;
const NARROW = 70;
const WIDE = 100;
const LEAST_ROOM = 12;
/** Effects stand below the time. */
const INDENT = ' '.repeat(SEQ + 1);
/** Effects of one call that are shown in a list. */
const MOST_EFFECTS = 12;

/** A call in a line, its effects below. */
export const callView: View<Call> = (call, context) =>
  [headLine(call, context), ...effectLines(call, context)].join('\n');

export const callsView: View<{ calls: readonly Call[]; undone: Undone | null }> = ({ calls, undone }, context) => {
  const lines =
    calls.length === 0 ? ['No call is kept that is asked for.'] : calls.map((call) => callView(call, context));
  if (undone !== null) lines.push(context.paint.dim(`${undoneText(undone)}: --undone shows ${them(undone)} too.`));
  return lines.join('\n');
};

const them = ({ calls }: Undone) => (calls === 1 ? 'it' : 'them');

/** `12:00:00.123` on a terminal, as all lines are of a short time; UTC. */
export const clockTime = (at: string, { terminal, width }: ViewContext) =>
  terminal ? at.slice(11, 11 + (width < NARROW ? TIME_NARROW : TIME)) : at;

function headLine(call: Call, context: ViewContext): string {
  const { paint, width, terminal } = context;
  const { seq, at, duration_ms, operation, service, resources, outcome } = call;
  const caller = safe(call.caller);
  const what = safe([operation || service, ...resources.map(withoutKind)].join(' '));
  const took = duration(duration_ms);
  const failed = isBelow(call, context) || outcome === 'ok' ? '' : `  ${safe(outcome)}`;
  if (!terminal) return `${seq}  ${at}  ${caller}  ${what}  ${took}${failed}`;
  const callerWidth = width < NARROW ? CALLER_NARROW : width < WIDE ? CALLER : CALLER_WIDE;
  const when = clockTime(at, context);
  const used = SEQ + 1 + when.length + 2 + callerWidth + 2 + 2 + DURATION + failed.length;
  const room = Math.max(LEAST_ROOM, width - used);
  const named = truncate(caller, callerWidth).padEnd(callerWidth);
  const head = `${paint.dim(`${String(seq).padStart(SEQ)} ${when}`)}  ${paint.cyan(named)}`;
  return `${head}  ${truncate(what, room).padEnd(room)}  ${paint.dim(took.padStart(DURATION))}${failed && paint.red(failed)}`;
}

/** On a narrow terminal an outcome stands before its message. */
const isBelow = ({ outcome }: Call, { width }: ViewContext) => outcome !== 'ok' && width < NARROW;

const withoutKind = (resource: string) => resource.slice(resource.indexOf('/') + 1);

function effectLines(call: Call, context: ViewContext): string[] {
  const { effects, fault, error, deliveries, certainty, outcome, undone_by } = call;
  const { paint } = context;
  const texts = effects.map(effectText).filter((text) => text !== undefined);
  const shown = texts.slice(0, MOST_EFFECTS);
  const line = (text: string) => cut(`${INDENT}${safe(text)}`, context);
  const [delivery] = deliveries;
  const within =
    delivery === undefined || certainty === 'one_of' || texts.length === 0
      ? []
      : [paint.dim(line(`in ${delivery.queue} ${delivery.message_id.slice(0, 8)}, attempt ${delivery.attempt}`))];
  return [
    ...(isBelow(call, context) ? [paint.red(line(outcome))] : []),
    ...(error === null ? [] : [paint.red(line(error))]),
    ...(undone_by === null ? [] : [paint.dim(line(undoneByText(undone_by)))]),
    ...(fault === null ? [] : [paint.yellow(line(`fault ${fault.id}: ${fault.rule}`))]),
    ...shown.map(line),
    ...(texts.length > shown.length ? [paint.dim(line(`and ${texts.length - shown.length} more`))] : []),
    ...(effects.some(({ kind }) => kind !== 'message') ? within : []),
  ];
}

/** A line that is longer than the terminal is cut in a list; `calls show` tells all. */
const cut = (text: string, { width }: ViewContext) => (Number.isFinite(width) ? truncate(text, width) : text);

/** Said on stderr while calls are followed. */
export const droppedView: View<{ dropped: number }> = ({ dropped }, { paint }) =>
  paint.yellow(`${plural(dropped, 'call')} came and went before ${dropped === 1 ? 'it' : 'they'} could be read`);

export const engineEndedView: View<unknown> = (_, { paint }) => paint.dim('The engine has ended.');
