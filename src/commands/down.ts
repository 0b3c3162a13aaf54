import { Command } from 'commander';
import type { App } from '../app.ts';
import { stopEmbedded } from '../engines/embedded/stop.ts';
import { type EngineRecord, readRecord, readRecords } from '../engines/home.ts';
import { stoppedView } from '../views/engine.ts';
import { port } from './arguments.ts';

export interface DownOptions {
  port?: number;
  all?: boolean;
}

export function downCommand(app: App): Command {
  return new Command('down')
    .option('--port <n>', 'only the engine at this port', port)
    .option('--all', 'every engine that `up` started, not just the latest')
    .addHelpText('after', '\nExample:\n  $ cliffracer down')
    .action(async (options: DownOptions) => {
      await app.print.result(await down(app, options), stoppedView);
    });
}

/** Stops engines that `up` started; what else runs on the machine is never touched. */
export async function down(app: App, options: DownOptions) {
  const records = await chosen(app, options);
  const engines = [];
  for (const record of records) {
    const outcome = await stopEmbedded(app.home, record, app.clock, app.system.kill);
    engines.push({ endpoint: record.endpoint, pid: record.pid, outcome });
  }
  return { engines };
}

async function chosen(app: App, options: DownOptions): Promise<EngineRecord[]> {
  if (options.port !== undefined) {
    const record = await readRecord(app.home, options.port);
    return record === undefined ? [] : [record];
  }
  const records = await readRecords(app.home);
  return options.all ? records : records.slice(0, 1);
}
