import { runCommand } from './command.ts';
import type { Consumer } from './consumer.ts';
import { type ConsumerFact, FactStream } from './facts.ts';
import { runHandler } from './handler.ts';
import type { ConsumerWorld, Running } from './running.ts';
import { FolderWatch } from './watch.ts';

export interface RunOptions extends Omit<ConsumerWorld, 'tell'> {
  /** Restarts a consumer when a source file in its folder changes. */
  watch: boolean;
  /** Ends all consumers. */
  signal: AbortSignal;
  /** Calls `run` when this process ends, however it does. */
  atExit(run: () => void): void;
}

/** How long consumers may take to end before they are killed. */
const GRACE_MS = 5_000;
/** Editors write a file more than once. */
const SETTLE_MS = 100;

/** Runs consumers until the signal, and tells what happens. Rejects when one of them cannot be started. */
export async function* runConsumers(consumers: readonly Consumer[], options: RunOptions): AsyncGenerator<ConsumerFact> {
  const stream = new FactStream<ConsumerFact>();
  const running = new Map<string, Running>();
  const killAll = () => {
    for (const each of running.values()) each.kill();
  };
  options.atExit(killAll);
  const world: ConsumerWorld = { ...options, tell: stream.tell };
  const work = async () => {
    const watches: FolderWatch[] = [];
    try {
      for (const consumer of consumers) {
        if (options.signal.aborted) break;
        running.set(consumer.name, await started(consumer, world));
      }
      if (options.watch) watches.push(...(await watchAll(consumers, running, options, stream.tell)));
      await aborted(options.signal);
    } finally {
      for (const watch of watches) watch.close();
      await endAll([...running.values()], killAll, options);
    }
  };
  work().then(
    () => stream.end(),
    (error) => stream.end({ error }),
  );
  yield* stream;
}

const started = (consumer: Consumer, world: ConsumerWorld) =>
  consumer.kind === 'command' ? runCommand(consumer, world) : runHandler(consumer, world);

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function endAll(running: readonly Running[], killAll: () => void, { clock }: RunOptions): Promise<void> {
  for (const each of running) each.stop();
  const ended = new AbortController();
  const all = Promise.all(running.map((each) => each.ended)).finally(() => ended.abort());
  await Promise.race([all, clock.sleep(GRACE_MS, ended.signal)]);
  killAll();
  await all;
}

async function watchAll(
  consumers: readonly Consumer[],
  running: ReadonlyMap<string, Running>,
  { clock, signal }: RunOptions,
  tell: (fact: ConsumerFact) => void,
): Promise<FolderWatch[]> {
  const pending = new Set<string>();
  return Promise.all(
    consumers.map(async ({ name, directory }) => {
      const watch = new FolderWatch(directory, async (file) => {
        if (pending.has(name)) return;
        pending.add(name);
        await clock.sleep(SETTLE_MS, signal);
        pending.delete(name);
        if (signal.aborted) return;
        tell({ consumer: name, kind: 'changed', file });
        running.get(name)?.restart();
      });
      await watch.open();
      return watch;
    }),
  );
}
