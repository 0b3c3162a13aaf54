import { Command } from 'commander';
import type { App } from '../app.ts';
import { port } from '../cli/arguments.ts';
import { stopEngine } from '../engines/down.ts';
import { type EngineRecord, readRecord, readRecords } from '../engines/home.ts';
import { stoppedView } from '../views/engine.ts';

export interface DownOptions {
  port?: number;
  all?: boolean;
}

export function downCommand(app: App): Command {
  return new Command('down')
    .option('-p, --port <n>', 'only the engine at this port', port)
    .option('--all', 'every engine that `up` started, not just the latest')
    .addHelpText('after', '\nExample:\n  $ cliffracer down')
    .action(async (options: DownOptions) => {
      const stopped = await down(app, options);
      const others = stopped.engines.length > 0 ? [] : await readRecords(app.home);
      await app.print.result(stopped, stoppedView(others.map(({ endpoint }) => endpoint)));
    });
}

/** Stops engines that `up` started; what else runs on the machine is never touched. */
export async function down(app: App, options: DownOptions) {
  const records = await chosen(app, options);
  const engines = [];
  let failure: unknown;
  const progress = await app.progress('Stopping');
  const tell = (text: string) => progress.update(text);
  for (const record of records) {
    const { home, env, clock } = app;
    const { endpoint, engine, pid, container, dataDirectory } = record;
    try {
      const outcome = await stopEngine(record, { home, env, clock, kill: app.system.kill, tell });
      engines.push({ engine, endpoint, pid, container: container?.name, dataDirectory, outcome });
    } catch (error) {
      // One that cannot be stopped, as when Docker does not answer, must not save the others.
      failure ??= error;
    }
  }
  progress.stop();
  if (failure !== undefined) throw failure;
  return { engines };
}

async function chosen(app: App, options: DownOptions): Promise<EngineRecord[]> {
  if (options.port !== undefined) {
    const record = await readRecord(app.home, options.port);
    return record === undefined ? [] : [record];
  }
  const named = (await app.project())?.values.get('port');
  if (named !== undefined && !options.all) return chosen(app, { port: Number(named.value) });
  const records = await readRecords(app.home);
  return options.all ? records : records.slice(0, 1);
}
