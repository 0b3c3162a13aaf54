import { Argument, Command } from 'commander';
import { DEFAULT_TIMEOUT_S, laboratoryOf, messageId } from '../../access/laboratory.ts';
import { namedQueue } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { identifier, queueName, seconds } from '../../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../../cli/print.ts';
import type { TryReport } from '../../lab/dead-letters/try.ts';
import { tryReportView } from '../../views/step-report.ts';

export interface DlqTryOptions {
  as?: string;
  to?: string;
  timeout?: number;
}

export function dlqTryCommand(app: App): Command {
  return new Command('try')
    .addArgument(new Argument('<id>', 'id of the message, or its beginning').argParser(identifier))
    .option('--as <name>', 'the consumer that has to handle it, by its name or the beginning of it')
    .option('--to <queue>', 'the queue from which a consumer gets it, instead of the one that gave it up', queueName)
    .option('--timeout <s>', `seconds that a consumer has to take it (default ${DEFAULT_TIMEOUT_S})`, seconds)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer dlq try 5f3c8e1a\n  $ cliffracer dlq try 5f3c8e1a --as billing\n\n' +
        'The consumer that polls handles the dead letter while all queues are held, and what it changed is shown. Then the\n' +
        'state from before is loaded, also where others changed it meanwhile: nothing remains, the message is a dead letter as before.\n' +
        'Exit code 0: it was handled. 1: it failed again. 6: nobody took it.',
    )
    .action(async (id: string, options: DlqTryOptions) => {
      const report = await dlqTry(app, id, options);
      await app.print.result(report, tryReportView, KEYS_AS_THEY_ARE);
      if (report.delivery.outcome !== 'acknowledged') app.fail('check_failed');
    });
}

/** Rejects with `not_found`, `not_settled` and `interrupted`; nothing is changed, whatever happens. */
export async function dlqTry(
  app: App,
  given: string,
  { as: consumer, to: target, timeout = DEFAULT_TIMEOUT_S }: DlqTryOptions,
): Promise<TryReport> {
  const [lab, { tryDeadLetter }] = await Promise.all([laboratoryOf(app), import('../../lab/dead-letters/try.ts')]);
  const message = await messageId(lab.log, given);
  const to = target === undefined ? undefined : (await namedQueue(app, target, await lab.holds.queues())).queue;
  app.endsOnSignal();
  const progress = await app.progress('Holding the queues');
  try {
    return await tryDeadLetter(
      {
        message,
        ...(consumer !== undefined && { consumer }),
        ...(to !== undefined && { to }),
        timeoutMs: timeout * 1_000,
        signal: app.signal,
        onReleased: (_, queue) => progress.update(`Message ${message.slice(0, 8)} waits in ${queue} for a consumer`),
        onTaken: (caller) => progress.update(`${caller} works on it`),
      },
      lab,
    );
  } finally {
    progress.stop();
  }
}
