import { Argument, Command } from 'commander';
import { callLogOf } from '../access/call-log.ts';
import type { App } from '../app.ts';
import { identifier } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import { blame } from '../lab/blame.ts';
import { blameView } from '../views/blame.ts';

const INSTEAD = 'the history of an order of the shop: cliffracer order show';

export function blameCommand(app: App): Command {
  return new Command('blame')
    .addArgument(new Argument('<table>', 'name of the table, or its beginning').argParser(identifier))
    .addArgument(new Argument('<key>', "the item's key: PARTITION, or PARTITION/SORT").argParser(identifier))
    .option('--attribute <name>', 'only changes of this attribute, as state or address.city', identifier)
    .addHelpText('after', '\nExample:\n  $ cliffracer blame orders o-1 --attribute state')
    .action(async (table: string, key: string, { attribute }: { attribute?: string }) => {
      const log = await callLogOf(app, INSTEAD);
      await app.print.result(await blame(log, table, key, attribute), blameView, KEYS_AS_THEY_ARE);
    });
}
