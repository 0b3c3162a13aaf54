import type { View, ViewContext } from './context.ts';
import { type Column, table } from './table.ts';
import { duration, plural, safe } from './text.ts';

export interface EngineView {
  action: string;
  engine: string;
  endpoint: string;
  version?: string | undefined;
  pid?: number | undefined;
  logFile?: string | undefined;
  /** Why this engine, when nobody said which. */
  reason?: string | undefined;
  advice?: string | undefined;
  container?: string | undefined;
  image?: string | undefined;
  replaced?: { pid?: number; endpoint: string } | undefined;
  dataDirectory?: string | undefined;
  notices?: readonly string[] | undefined;
  seed?: number | undefined;
  lenient?: boolean | undefined;
  delivery?: string | undefined;
  tls?: { endpoint: string; authorityFile: string } | undefined;
  readyMs: number;
  stack?: { name: string; created: number; updated: number; unchanged: number } | undefined;
}

export const engineView: View<EngineView> = (up, { paint }) => {
  const version = up.version === undefined ? '' : ` ${safe(up.version)}`;
  const lines: [string, string][] = [
    ['engine', `${safe(up.engine)}${version}, ${up.action} in ${duration(up.readyMs)}`],
    ['endpoint', paint.cyan(safe(up.endpoint))],
  ];
  if (up.tls !== undefined)
    lines.push(['https', paint.cyan(safe(up.tls.endpoint))], ['trust', safe(up.tls.authorityFile)]);
  if (up.container !== undefined) lines.push(['container', `${safe(up.container)} (${safe(up.image ?? '')})`]);
  if (up.pid !== undefined) lines.push(['process', String(up.pid)]);
  if (up.logFile !== undefined) lines.push(['log', safe(up.logFile)]);
  if (up.dataDirectory !== undefined) lines.push(['data', safe(up.dataDirectory)]);
  if (up.delivery === 'aws') {
    const seed = up.seed === undefined ? '' : ` (seed ${up.seed})`;
    lines.push(['delivery', `as on AWS: out of order, now and then twice${seed}`]);
  }
  if (up.lenient) lines.push(['lenient', 'as LocalStack, where it is less strict than AWS']);
  if (up.stack !== undefined) {
    const { name, created, updated, unchanged } = up.stack;
    const parts = [`${created} created`, `${updated} updated`, `${unchanged} unchanged`];
    lines.push(['stack', `${safe(name)}: ${parts.filter((part) => !part.startsWith('0 ')).join(', ')}`]);
  }
  const text = lines.map(([label, value]) => `${paint.dim(label.padEnd(9))} ${value}`);
  if (up.replaced !== undefined) {
    const kept =
      up.dataDirectory === undefined ? 'what it held in memory is gone' : 'its state is in the data directory';
    text.unshift(paint.yellow(`The engine${replacedProcess(up.replaced)} had ended by itself; ${kept}.`));
  }
  return text.join('\n');
};

const replacedProcess = ({ pid }: { pid?: number }) => (pid === undefined ? '' : ` of process ${pid}`);

/** Said on stderr: which engine was chosen and why, and how to get the other. */
export const reasonView: View<EngineView> = ({ engine, reason, advice }, { paint }) =>
  reason === undefined
    ? ''
    : paint.dim(`Engine ${safe(engine)}: ${safe(reason)}${advice === undefined ? '' : ` (${safe(advice)})`}.`);

/** Said on stderr: what was not as it should be in the data directory. */
export const noticesView: View<EngineView> = ({ notices = [] }, { paint }) =>
  notices.map((notice) => `${paint.yellow('notice:')} ${safe(notice)}`).join('\n');

export const nextSteps: View<{ endpoint: string }> = (_, { paint }) =>
  [
    '',
    paint.bold('Next:'),
    `  cliffracer order create --customer ada --item laptop-pro:1   ${paint.dim('# place an order')}`,
    `  cliffracer drain --step                                      ${paint.dim('# step by step')}`,
    `  cliffracer inspect receipts                                  ${paint.dim('# what came of it')}`,
    `  eval "$(cliffracer env)"                                     ${paint.dim('# for other tools')}`,
  ].join('\n');

export interface StoppedEngine {
  endpoint: string;
  engine: string;
  pid?: number | undefined;
  container?: string | undefined;
  dataDirectory?: string | undefined;
  outcome: 'stopped' | 'killed' | 'was_gone' | 'not_ours';
}

const OUTCOMES: Readonly<Record<StoppedEngine['outcome'], string>> = {
  stopped: 'stopped',
  killed: 'did not stop when asked, and was killed',
  was_gone: 'had already ended; its record was removed',
  not_ours: 'is another program by now; left alone, its record was removed',
};

const placeOf = ({ engine, pid, container }: StoppedEngine) =>
  container !== undefined ? `container ${safe(container)}` : pid !== undefined ? `process ${pid}` : safe(engine);

/** `others`: engines that were started elsewhere than was asked for. */
export const stoppedView =
  (others: readonly string[]): View<{ engines: readonly StoppedEngine[] }> =>
  ({ engines }) => {
    if (engines.length > 0) {
      return engines
        .map((each) => `${safe(each.endpoint)} (${placeOf(each)}) ${OUTCOMES[each.outcome]}${kept(each)}`)
        .join('\n');
    }
    if (others.length === 0) return 'Nothing to stop: no engine was started by `cliffracer up`.';
    return `Nothing to stop there; \`cliffracer up\` has started ${safe(others.join(', '))}.`;
  };

const kept = ({ dataDirectory }: StoppedEngine) =>
  dataDirectory === undefined ? '' : `\n  its state is kept: cliffracer up --data-dir ${safe(dataDirectory)}`;

export interface HealthView {
  healthy: boolean;
  engine: string;
  edition?: string | undefined;
  version?: string | undefined;
  endpoint: string;
  region: string;
  /** Undefined when the engine does not say. */
  account?: string | undefined;
  /** Whether each service was also written to and read from. */
  deep: boolean;
  latencyMs: number;
  clockSkewMs?: number | undefined;
  /** What the engine's clock shows, where it has been turned. */
  clock?: { at: string; frozen: boolean };
  /** Where the engine keeps its state, and why it cannot. */
  dataDirectory?: { path: string; fault: 'disk_full' | 'write_failed' | null; detail?: string };
  services: readonly {
    service: string;
    state: string;
    reported: string;
    latencyMs?: number | undefined;
    error?: string | undefined;
  }[];
}

export const healthView: View<HealthView> = (health, context) => {
  const { paint } = context;
  const about = [health.engine, health.edition, health.version].filter(
    (part) => part !== undefined && part !== health.engine,
  );
  const title = `${[health.engine, ...about].map((part) => safe(String(part))).join(' ')} at ${safe(health.endpoint)}`;
  const bad = health.services.filter((each) => each.state !== 'ready').length;
  const verdict = health.healthy
    ? paint.green('healthy')
    : paint.red(faultOf(health) ?? `${plural(bad, 'service')} not ready`);
  const skew = clockText(health);
  const details = [`account ${health.account ?? 'not told'}`, safe(health.region), skew].join(' · ');
  return [
    `${paint.bold(title)}: ${verdict}`,
    paint.dim(details),
    '',
    table(columns(health, context), health.services, context),
  ].join('\n');
};

function faultOf({ dataDirectory }: HealthView): string | undefined {
  if (!dataDirectory?.fault) return undefined;
  const what = dataDirectory.fault === 'disk_full' ? 'disk full' : 'write failed';
  return `${what}: ${safe(dataDirectory.path)} cannot be written`;
}

function clockText({ clock, clockSkewMs }: HealthView): string {
  if (clock !== undefined) return clock.frozen ? `clock frozen at ${clock.at}` : `clock turned to ${clock.at}`;
  return clockSkewMs === undefined ? 'clock not told' : skewText(clockSkewMs);
}

const skewText = (ms: number) =>
  ms === 0 ? 'clocks agree' : `its clock is ${duration(Math.abs(ms))} ${ms > 0 ? 'ahead' : 'behind'}`;

type ServiceRow = HealthView['services'][number];

function columns(health: HealthView, { paint }: ViewContext): Column<ServiceRow>[] {
  return [
    { title: 'service', text: (row) => row.service },
    {
      title: 'state',
      text: (row) => row.state,
      paint: (text, row) => (row.state === 'ready' ? paint.green(text) : paint.red(text)),
    },
    { title: 'reported', text: (row) => row.reported, paint: (text) => paint.dim(text) },
    {
      title: health.deep ? 'write + read' : 'latency',
      text: (row) => (row.latencyMs === undefined ? '-' : duration(row.latencyMs)),
      align: 'right',
    },
    ...(health.services.some((each) => each.error)
      ? [{ title: 'cause', text: (row: ServiceRow) => row.error ?? '', wraps: true }]
      : []),
  ];
}

/** For exports that lead to nothing yet. */
export const unreachableView: View<{ endpoint: string }> = ({ endpoint }, { paint }) =>
  paint.yellow(`No engine answers at ${safe(endpoint)} yet. Start it: cliffracer up`);
