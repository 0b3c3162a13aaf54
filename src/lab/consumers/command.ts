import { type Child, startChild } from './child.ts';
import type { PollingConsumer } from './consumer.ts';
import { consumerEnvironment } from './environment.ts';
import { type ConsumerWorld, type Running, terminate } from './running.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Whoever ran that long did not fail at its start. */
const SETTLED_MS = 10_000;

/** Keeps a program running that polls by itself. Rejects when it cannot be started at all. */
export async function runCommand(consumer: PollingConsumer, world: ConsumerWorld): Promise<Running> {
  const { name, command, directory } = consumer;
  const { place, clock, kill, tell } = world;
  const env = consumerEnvironment(world.env, place, name, consumer.env);
  const stopped = new AbortController();
  let wake = new AbortController();
  let restarting = false;
  const start = async () => {
    const onLine = (stream: 'stdout' | 'stderr', text: string) => tell({ consumer: name, kind: 'line', stream, text });
    const child = await startChild({ consumer: name, command, directory, env, kill, clock, onLine });
    tell({ consumer: name, kind: 'started', pid: child.pid });
    return child;
  };
  let child: Child | undefined = await start();

  /** Resolves with false when it is not to be started again. */
  const pauseAfter = async (reason: string, pause: number) => {
    if (stopped.signal.aborted) return void tell({ consumer: name, kind: 'exited', reason });
    if (restarting) return;
    tell({ consumer: name, kind: 'exited', reason, restartMs: pause });
    wake = new AbortController();
    await clock.sleep(pause, AbortSignal.any([stopped.signal, wake.signal]));
  };

  const keepRunning = async () => {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const started = clock.now();
      const reason = child === undefined ? 'it cannot be started' : await child.exited;
      child = undefined;
      if (clock.now() - started > SETTLED_MS || restarting) pause = FIRST_PAUSE_MS;
      await pauseAfter(reason, pause);
      if (stopped.signal.aborted) return;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      restarting = false;
      child = await start().catch(() => undefined);
    }
  };
  return {
    restart() {
      restarting = true;
      wake.abort();
      if (child !== undefined) terminate(child);
    },
    stop() {
      stopped.abort();
      if (child !== undefined) terminate(child);
    },
    kill: () => child?.signal('SIGKILL'),
    ended: keepRunning(),
  };
}
