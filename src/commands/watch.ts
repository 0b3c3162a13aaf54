import { Command } from 'commander';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import { Screen } from '../cli/screen.ts';
import { targetKind } from '../engines/aws.ts';
import { watchedEngine } from '../engines/embedded/watched.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { CliffracerError } from '../errors.ts';
import { followEngine } from '../lab/watch/feed.ts';
import { WatchedSystem } from '../lab/watch/model.ts';
import type { WatchedEngine } from '../lab/watch/port.ts';
import { droppedView, engineEndedView } from '../views/calls.ts';
import { effectText } from '../views/effects.ts';
import { compactView } from '../watch/compact.ts';
import { Session } from '../watch/session.ts';

export interface WatchOptions {
  compact?: boolean;
  limit?: number;
}

/** Calls before, with which lines begin. */
const BEFORE = 10;
const INSTEAD = 'cliffracer inspect queues, or the embedded engine: cliffracer up --engine embedded --port 0';
/** 128 and the number of SIGHUP, as shells say it. */
const HUNG_UP = 129;

export function watchCommand(app: App): Command {
  return new Command('watch')
    .option('--compact', 'one line an event instead of a screen, also in a pipe')
    .option('-L, --limit <n>', `with --compact and --json: begin with so many calls before (default ${BEFORE})`, count)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer watch\n  $ cliffracer watch --compact\n  $ cliffracer watch --json | jq -c \'select(.event == "dead_lettered")\'\n\n' +
        'Queues, topics and consumers on the left, what happens in the middle, the trace of what is selected on the right.\n' +
        'Keys: arrows or hjkl move, enter traces, space holds or releases a queue, n steps, d shows dead letters, m\n' +
        'redrives them, p peeks, e shows effects, / filters, :orders :tables :s3 :metrics :logs :calls :events, ? all keys.',
    )
    .action((options: WatchOptions) => watch(app, options));
}

/** A full screen, or a line an event, until the person leaves. Rejects with `needs_terminal`, and with `unsupported` on other engines. */
export async function watch(app: App, options: WatchOptions): Promise<void> {
  const isScreen = !app.print.json && !options.compact;
  if (isScreen && !(app.io.stdout.isTTY && app.io.stdin.isTTY)) {
    throw new CliffracerError('needs_terminal', 'a screen needs a terminal for input and output', {
      hint: 'a line an event: cliffracer watch --json, or --compact',
    });
  }
  const engine = await engineOf(app);
  app.endsOnSignal();
  await (isScreen ? onScreen(app, engine) : inLines(app, engine, options.limit ?? BEFORE));
}

async function engineOf(app: App): Promise<WatchedEngine> {
  if (targetKind(app.globals, app.env) === 'aws') {
    const message = 'watch needs the call log of the embedded engine, and the target is AWS';
    throw new CliffracerError('unsupported', message, { hint: INSTEAD });
  }
  const region = resolveRegion(app.globals.region, app.env).value;
  const { value: endpoint } = await app.endpoint();
  return watchedEngine({ endpoint, region, now: app.clock.now, instead: INSTEAD });
}

async function onScreen(app: App, engine: WatchedEngine): Promise<void> {
  const { io, system, clock, signal } = app;
  const { stackNames } = await import('../shop/stack/names.ts');
  const options = {
    ...{ engine, signal, sleep: clock.sleep, elapsed: clock.now },
    endpoint: (await app.endpoint()).value,
    shop: { orders: stackNames(app.globals.stack).table('orders') },
    context: await app.print.context(io.stdout),
  };
  const session = new Session(options, (drawn) => {
    const hangUp = () => {
      app.exitWith(HUNG_UP);
      drawn.end();
    };
    return new Screen({
      ...{ io, signals: system, onKey: (key) => drawn.key(key), onChange: () => drawn.draw(), onHangUp: hangUp },
    });
  });
  await session.run();
}

async function inLines(app: App, engine: WatchedEngine, last: number): Promise<void> {
  const { clock, signal, print } = app;
  const system = new WatchedSystem(effectText);
  const options = { last, state: false, signal, sleep: clock.sleep, elapsed: clock.now };
  for await (const fact of followEngine(engine, options)) {
    if (fact.kind === 'lost') return print.note({}, engineEndedView);
    if (fact.kind !== 'calls') continue;
    if (fact.dropped > 0 && print.json) await print.fact({ event: 'dropped', calls: fact.dropped }, () => '');
    else if (fact.dropped > 0) await print.note(fact, droppedView);
    for (const event of system.add(fact.calls)) await print.fact(event, compactView, KEYS_AS_THEY_ARE);
    if (signal.aborted) return;
  }
}
