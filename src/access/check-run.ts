import type { App } from '../app.ts';
import { CliffracerError } from '../errors.ts';
import { startChild } from '../lab/consumers/child.ts';
import type { ConsumerPlace } from '../lab/consumers/environment.ts';
import { consumerEnvironment } from '../lab/consumers/environment.ts';
import type { CheckInput } from './check-input.ts';

/** Consumers as processes of this program; undefined where others run them. */
export async function checkedProcesses(app: App, { consumers }: CheckInput, clearFaults: () => Promise<void>) {
  if (consumers.length === 0) return undefined;
  const [{ ProcessConsumers }, { consumerWorld }] = await Promise.all([
    import('../lab/check/processes.ts'),
    import('./consumers.ts'),
  ]);
  const processes = new ProcessConsumers(consumers, { ...(await consumerWorld(app)), beforeRestart: clearFaults });
  app.system.atExit(() => processes.killAll());
  return processes;
}

/** What sets the system going: messages, or a program that runs to its end. */
export function scenarioOf(app: App, { scenario }: CheckInput, place: ConsumerPlace) {
  if (scenario === undefined || !('command' in scenario)) return scenario;
  const { command, folder } = scenario;
  return async () => {
    const lines: string[] = [];
    const { env, clock, system } = app;
    const child = await startChild({
      ...{ consumer: 'scenario', command, directory: folder, kill: system.kill, clock },
      env: consumerEnvironment(env, place, 'scenario'),
      onLine: (_stream, text) => lines.push(text),
    });
    const reason = await child.exited;
    if (reason === 'exit status 0') return;
    const said = lines.findLast((line) => line.trim() !== '') ?? 'it printed nothing';
    throw new CliffracerError('consumer_failed', `the scenario's ${command[0]} ended with ${reason}: ${said}`, {
      hint: `run it by itself: cliffracer exec -- ${command.join(' ')}`,
    });
  };
}
