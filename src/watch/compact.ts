import type { WatchedEvent } from '../lab/watch/event.ts';
import { clockTime } from '../views/calls.ts';
import type { View } from '../views/context.ts';
import { safe } from '../views/text.ts';
import { colourOf, eventText } from './cells.ts';
import { fittedLine } from './fit.ts';

const CALLER = 12;

/** An event in one line; on a terminal it is cut where the terminal ends. */
export const compactView: View<WatchedEvent> = (event, context) => {
  const { paint, width, terminal } = context;
  const caller = safe(event.caller);
  const text = safe(eventText(event));
  if (!terminal) return `${event.at}  ${caller}  ${text}`;
  const colour = colourOf(event);
  const shown = colour === undefined ? text : paint[colour](text);
  const line = `${paint.dim(clockTime(event.at, context))}  ${paint.cyan(caller.padEnd(CALLER))}  ${shown}`;
  return fittedLine(line, width).trimEnd();
};
