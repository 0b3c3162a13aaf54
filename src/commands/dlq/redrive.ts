import { Command, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { count, orderId } from '../../cli/arguments.ts';
import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import { CliffracerError } from '../../errors.ts';
import type { Expression } from '../../expression/parser.ts';
import { ORDER } from '../../questions/offers.ts';
import { whichIfAny } from '../../questions/which.ts';
import type { RedriveReport } from '../../shop/dead-letters/redrive-facts.ts';
import { redriveView } from '../../views/redrive.ts';
import { plural } from '../../views/text.ts';
import { queueArgument, whichQueue } from './queue.ts';

export interface DlqRedriveOptions {
  order?: string;
  where?: string;
  max?: number;
  /** Messages a second. */
  rate?: number;
  dryRun?: boolean;
}

const HELP = `
Examples:
  $ cliffracer dlq redrive payment --dry-run
  $ cliffracer dlq redrive payment --where 'event_type = inventory_reserved and attempts > 2' --rate 5/s

EXPR compares fields with = != ~ (contains) !~ < <= > >= and joins comparisons with and, or, not and parentheses:
  attempts, reason, error, sent_at, receive_count, message_id, body
  a field of the event: event_type, order_id, total_amount, items.sku (event.reason where the name is taken above)
  an attribute of the message: attributes.NAME
A value with spaces stands in quotes; numbers compare as numbers unless quoted; a field that is missing is an empty text.

Without --order, --where and --max the engine moves the whole queue where it can. Otherwise each message is received,
sent with all its attributes, and deleted, in that order. A crash in between makes a duplicate, never a loss.`;

export function dlqRedriveCommand(app: App): Command {
  return new Command('redrive')
    .addArgument(queueArgument())
    .option('--order <id>', 'only messages about this order', orderId)
    .option('--where <expr>', 'only messages that fulfil this expression')
    .option('--max <n>', 'at most so many', count)
    .option('--rate <n/s>', 'at most so many a second', rate)
    .option('--dry-run', 'only say what would be moved')
    .addHelpText('after', HELP)
    .action(async (given: ServiceName | undefined, options: DlqRedriveOptions) => {
      const service = await whichQueue(app, given);
      const report = await dlqRedrive(app, service, options);
      await app.print.result(report, redriveView);
      if (report.ended === 'interrupted') app.fail('interrupted');
      else if (report.failed > 0) app.fail('check_failed');
    });
}

/** `5/s`, or just `5`. */
function rate(text: string): number {
  const value = Number(/^(\d{1,5})(?:\/s)?$/.exec(text)?.[1]);
  if (value >= 1) return value;
  throw new InvalidArgumentError('It must be messages a second, a whole number above 0, such as 5/s.');
}

/** Moves dead letters back to their queue; the expression is read before anything is touched. */
export async function dlqRedrive(app: App, service: ServiceName, options: DlqRedriveOptions): Promise<RedriveReport> {
  const where = options.where === undefined ? undefined : await expression(options.where);
  const order = await whichIfAny(app, ORDER, options.order);
  const [{ ports, clock }, { redrive }] = await Promise.all([
    app.connect(),
    import('../../shop/dead-letters/redrive.ts'),
  ]);
  app.endsOnSignal();
  const doing = `${options.dryRun ? 'Looking at' : 'Moving'} the messages of ${deadLetterQueueOf(service)}`;
  const progress = await app.progress(doing);
  const { max, rate: perSecond, dryRun } = options;
  try {
    return await redrive(
      {
        service,
        order,
        where,
        max,
        perSecond,
        ...(dryRun && { dryRun }),
        signal: app.signal,
        onProgress: (moved) => progress.update(`${doing}: ${plural(moved, 'message')} moved`),
      },
      { ports, clock },
    );
  } finally {
    progress.stop();
  }
}

async function expression(text: string): Promise<Expression> {
  const { parseExpression } = await import('../../expression/parser.ts');
  try {
    return parseExpression(text);
  } catch (error) {
    const hint = "--where 'event_type = payment_failed and attempts > 3'";
    if ((error as Error).name !== 'ExpressionError') throw error;
    throw new CliffracerError('usage', `--where, ${(error as Error).message}`, { hint });
  }
}
