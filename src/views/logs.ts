import type { Palette, View } from './context.ts';
import { safe } from './text.ts';

/** A structured line of a service, as it stands in CloudWatch Logs. */
export interface LogLine {
  timestamp: string;
  level: string;
  service: string;
  action: string;
  message?: string;
  order_id?: string;
  correlation_id?: string;
  event_id?: string;
  attempt?: number;
  duration_ms?: number;
  error?: { code: string; message: string };
}

const LEVEL_COLOURS: Readonly<Record<string, keyof Palette>> = {
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'dim',
};

/** One line each; a terminal shows the time of day, a pipe the whole time stamp. */
export const logLineView: View<LogLine> = (line, { paint, terminal }) => {
  const level = String(line.level);
  const colour = Object.hasOwn(LEVEL_COLOURS, level) ? LEVEL_COLOURS[level]! : 'bold';
  const at = terminal ? line.timestamp.slice(11, 23) : line.timestamp;
  const parts = [
    paint.dim(safe(at)),
    paint[colour](safe(level).toUpperCase().padEnd(5)),
    paint.cyan(safe(line.service).padEnd(11)),
    safe(line.action),
    line.order_id === undefined ? '' : safe(line.order_id),
    line.attempt !== undefined && line.attempt > 1 ? paint.yellow(`attempt ${safe(String(line.attempt))}`) : '',
    line.duration_ms === undefined ? '' : paint.dim(`${safe(String(line.duration_ms))} ms`),
    line.message === undefined ? '' : safe(line.message),
    line.error === undefined ? '' : paint.red(safe(String(line.error.code))),
  ];
  return parts.filter((part) => part !== '').join('  ');
};

/** Said where there is no line, so that silence is not taken for a failure. */
export const noLinesView: View<object> = (filters) =>
  Object.values(filters).some((value) => value !== undefined)
    ? 'No log line matches. All of them: cliffracer inspect logs'
    : 'No log lines. They are written when orders are placed and messages handled: cliffracer order create';
