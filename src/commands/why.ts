import { Argument, Command } from 'commander';
import { callLogOf } from '../access/call-log.ts';
import type { App } from '../app.ts';
import { identifier } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import { whyMessage } from '../lab/why/message.ts';
import { whyQueue } from '../lab/why/queue.ts';
import type { WhyReport } from '../lab/why/report.ts';
import { MESSAGE } from '../questions/messages.ts';
import { which } from '../questions/which.ts';
import { whyView } from '../views/why.ts';

const INSTEAD = 'what lies in dead-letter queues of the shop: cliffracer dlq list';

export function whyCommand(app: App): Command {
  return new Command('why')
    .addArgument(
      new Argument('[message]', 'a message, the beginning of its id, or @last; or the name of a queue').argParser(
        identifier,
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer why @last\n  $ cliffracer why 5f3c8e1a\n  $ cliffracer why payment-queue',
    )
    .action(async (given: string | undefined) => app.print.result(await why(app, given), whyView, KEYS_AS_THEY_ARE));
}

/** A queue by that name, else a message. */
export async function why(app: App, given: string | undefined): Promise<WhyReport> {
  const log = await callLogOf(app, INSTEAD);
  const queue = given === undefined || given.startsWith('@') ? undefined : await log.queue(given);
  if (queue !== undefined) return whyQueue(log, queue);
  return whyMessage(log, await which(app, MESSAGE, given));
}
