import { Command } from 'commander';
import type { App } from '../../app.ts';
import { collect, completing, wholeNumber } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { type FaultRow, faultsView } from '../../views/faults.ts';

export interface FaultAddOptions {
  seed?: number;
}

const EXAMPLES = `
Rules: [service[:Operation]] kind [argument] [before|after] [rate% | count]
Kinds: error CODE, throttle, latency TIME, drop, duplicate, reorder

Examples:
  $ cliffracer fault add 'sqs:DeleteMessage drop 1'
  $ cliffracer fault add 'dynamodb throttle 5%' --seed 7
  $ cliffracer fault add 'latency 200ms'
  $ cliffracer fault add 'sns:Publish error InternalError after 10%'`;

export function faultAddCommand(app: App): Command {
  return new Command('add')
    .argument('<rule...>', 'what goes wrong, where and how often', completing('faults', collect))
    .option('--seed <n>', 'seed of the draws: the same seed gives the same faults', wholeNumber)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: FaultAddOptions) => {
      await app.print.result({ faults: [await faultAdd(app, words.join(' '), options)] }, faultsView);
    });
}

/** Adds a rule to the embedded engine; rejects with `invalid_input` naming the wrong word. */
export async function faultAdd(app: App, rule: string, { seed }: FaultAddOptions): Promise<FaultRow> {
  const endpoint = (await app.endpoint()).value;
  const { fault } = await control<{ fault: FaultRow }>(endpoint, app.clock.now, {
    ...{ method: 'POST', path: '/faults', what: 'fault injection' },
    body: { rule, seed },
  });
  return fault;
}
