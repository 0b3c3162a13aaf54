import { Command } from 'commander';
import { DEFAULT_TIMEOUT_S, laboratoryOf, messageId } from '../access/laboratory.ts';
import { fromFile } from '../access/message-input.ts';
import { namedQueue } from '../access/queues.ts';
import type { App } from '../app.ts';
import { count, filePath, identifier, queueName, seconds } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import type { StepReport } from '../lab/step/report.ts';
import { step } from '../lab/step/step.ts';
import { stepReportView } from '../views/step-report.ts';

export interface StepCommandOptions {
  message?: string;
  twice?: boolean;
  failCall?: number;
  edit?: string;
  timeout?: number;
}

export function stepCommand(app: App): Command {
  return new Command('step')
    .argument('[queue]', 'name of the queue, or its beginning; left out, where the oldest message waits', queueName)
    .option('--message <id>', 'this message; the beginning of its id will do', identifier)
    .option('--twice', 'deliver it again once it was acknowledged')
    .option('--fail-call <n>', 'make the nth call of the delivery fail, once', count)
    .option('--edit <file>', 'the message gets the body in this file first', filePath)
    .option('--timeout <s>', `seconds that a consumer has to take it (default ${DEFAULT_TIMEOUT_S})`, seconds)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer step\n  $ cliffracer step payment-queue --twice\n  $ cliffracer step jobs --fail-call 2\n\n' +
        'Holds every queue but those for dead letters, takes the snapshot before-step, gives one message to whatever\n' +
        'consumer polls, and follows the delivery until it is over: deleted, returned, visible again or dead-lettered.\n' +
        'Exit code 1: the delivery failed. 6: nobody took the message. `queue release --all` ends the hold.',
    )
    .action(async (queue: string | undefined, options: StepCommandOptions) => {
      const report = await stepOnce(app, queue, options);
      await app.print.result(report, stepReportView, KEYS_AS_THEY_ARE);
      if (report.deliveries.some(({ outcome }) => outcome !== 'acknowledged')) app.fail('check_failed');
    });
}

/** One message, delivered; rejects with `not_found`, `not_settled` and `interrupted`. */
export async function stepOnce(
  app: App,
  given: string | undefined,
  { message, twice, failCall, edit, timeout = DEFAULT_TIMEOUT_S }: StepCommandOptions,
): Promise<StepReport> {
  const body = edit === undefined ? undefined : await fromFile(edit);
  const lab = await laboratoryOf(app);
  const queue = given === undefined ? undefined : (await namedQueue(app, given, await lab.holds.queues())).queue;
  const id = message === undefined ? undefined : await messageId(lab.log, message);
  app.endsOnSignal();
  const progress = await app.progress('Holding the queues');
  try {
    return await step(
      {
        ...(queue !== undefined && { queue }),
        ...(id !== undefined && { message: id }),
        ...(twice && { twice }),
        ...(failCall !== undefined && { failCall }),
        ...(body !== undefined && { body }),
        timeoutMs: timeout * 1_000,
        signal: app.signal,
        onReleased: (released, of) => progress.update(`Message ${released.slice(0, 8)} of ${of} waits for a consumer`),
        onTaken: (caller) => progress.update(`${caller} works on it`),
      },
      lab,
    );
  } finally {
    progress.stop();
  }
}
