import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, duration, oneOf, orderId } from '../../cli/arguments.ts';
import { logStreamOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import type { LogEntry, Ports } from '../../ports.ts';
import { ORDER } from '../../questions/offers.ts';
import { whichIfAny } from '../../questions/which.ts';
import { type LogLine, logLineView, noLinesView } from '../../views/logs.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export interface LogsOptions {
  order?: string;
  service?: ServiceName;
  level?: (typeof LEVELS)[number];
  /** Milliseconds. */
  since?: number;
  limit?: number;
  follow?: boolean;
  /** The same as `follow`. */
  watch?: boolean;
  correlation?: string;
  /** CloudWatch Logs' filter pattern. */
  pattern?: string;
}

const FOLLOW_PAUSE_MS = 1_000;
/** Lines may arrive late by so much; they are shown all the same, in the order of arrival. */
const LATENESS_MS = 10_000;

export function inspectLogsCommand(app: App): Command {
  return new Command('logs')
    .option('--order <id>', 'only lines about this order', orderId)
    .option('--correlation <id>', 'only lines of this chain of events')
    .option('--pattern <pattern>', "only lines that match CloudWatch Logs' filter pattern, as '{ $.attempt > 1 }'")
    .option('--service <name>', `only this service: ${SERVICES.join(', ')}`, oneOf(SERVICES))
    .option('--level <level>', `this level and above: ${LEVELS.join(', ')}`, oneOf(LEVELS))
    .option('--since <time>', 'how far back, as 15m, 1h, 7d (default: all)', duration)
    .option('-L, --limit <n>', 'at most so many lines, the newest', count)
    .option('-f, --follow', 'show new lines as they come, until Ctrl-C')
    .option('--watch', 'the same as --follow')
    .addHelpText(
      'after',
      "\nExamples:\n  $ cliffracer inspect logs --service payment --level warn --follow\n  $ cliffracer inspect logs --pattern '{ $.attempt > 1 }'",
    )
    .action(async ({ watch, ...options }: LogsOptions) => {
      const wanted = { ...options, ...(watch && { follow: true }) };
      let lines = 0;
      for await (const line of logs(app, wanted)) {
        lines++;
        await app.print.fact(line, logLineView);
      }
      if (lines === 0 && !wanted.follow) await app.print.note(wanted, noLinesView);
    });
}

/** Log lines, oldest first; with `follow` it ends only on Ctrl-C. */
export async function* logs(app: App, options: LogsOptions): AsyncGenerator<LogLine> {
  const order = await whichIfAny(app, ORDER, options.order);
  if (order !== undefined) options = { ...options, order };
  const { ports, now } = await app.connect();
  if (options.follow) app.endsOnSignal();
  const since = options.since === undefined ? undefined : (await now()) - options.since;
  const seen = new Map<string, number>();
  let latest = since ?? 0;
  for await (const entry of readLogs(ports, options, since)) {
    seen.set(entry.id, entry.at);
    latest = Math.max(latest, entry.at);
    yield entry.line;
  }
  while (options.follow && !app.signal.aborted) {
    await app.clock.sleep(FOLLOW_PAUSE_MS, app.signal);
    for (const [id, at] of seen) if (at < latest - LATENESS_MS) seen.delete(id);
    for await (const entry of read(ports, options, Math.max(0, latest - LATENESS_MS))) {
      if (seen.has(entry.id)) continue;
      seen.set(entry.id, entry.at);
      latest = Math.max(latest, entry.at);
      yield entry.line;
    }
  }
}

/** What is there now, oldest first. */
export function readLogs(ports: Pick<Ports, 'logs'>, options: LogsOptions, since?: number): AsyncGenerator<Found> {
  return newest(read(ports, options, since), options.limit);
}

interface Found {
  id: string;
  at: number;
  line: LogLine;
}

/** CloudWatch Logs filters by pattern; not every engine honours it, so it is filtered again here. */
async function* read(
  ports: Pick<Ports, 'logs'>,
  options: LogsOptions,
  since: number | undefined,
): AsyncGenerator<Found> {
  const { order, service, level, correlation } = options;
  const pattern = patternOf(options);
  const entries = ports.logs.filter({
    since,
    ...(service !== undefined && { streams: [logStreamOf(service)] }),
    pattern,
  });
  for await (const entry of entries) {
    const line = parseLine(entry);
    if (order !== undefined && line.order_id !== order) continue;
    if (correlation !== undefined && line.correlation_id !== correlation) continue;
    if (service !== undefined && line.service !== service) continue;
    if (level !== undefined && rank(line.level) < rank(level)) continue;
    yield { id: entry.id, at: entry.at, line };
  }
}

/** One pattern is all that a call takes: the person's own, else that of the narrower id. */
function patternOf({ pattern, order, correlation }: LogsOptions): string | undefined {
  if (pattern !== undefined) return pattern;
  if (order !== undefined) return `{ $.order_id = ${JSON.stringify(order)} }`;
  return correlation === undefined ? undefined : `{ $.correlation_id = ${JSON.stringify(correlation)} }`;
}

const rank = (level: string): number => (LEVELS as readonly string[]).indexOf(level);

/** A line that is not ours is shown as it is. */
function parseLine(entry: LogEntry & { stream: string }): LogLine {
  try {
    const line: unknown = JSON.parse(entry.message);
    if (isLogLine(line)) return line;
  } catch {
    // Falls through: plain text.
  }
  const timestamp = new Date(entry.at).toISOString();
  const service = entry.stream.replace(/-service$/, '');
  return { timestamp, level: 'info', service, action: 'text', message: entry.message };
}

const TEXTS = ['timestamp', 'level', 'service', 'action'] as const;
const MAYBE_TEXTS = ['message', 'order_id', 'correlation_id', 'event_id'] as const;

function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Record<string, unknown>;
  const maybe = (name: string) => line[name] === undefined || typeof line[name] === 'string';
  return TEXTS.every((name) => typeof line[name] === 'string') && MAYBE_TEXTS.every(maybe);
}

async function* newest(found: AsyncIterable<Found>, limit: number | undefined): AsyncGenerator<Found> {
  if (limit === undefined) {
    yield* found;
    return;
  }
  const kept: Found[] = [];
  for await (const entry of found) if (kept.push(entry) > limit) kept.shift();
  yield* kept;
}
