import { Command, InvalidArgumentError } from 'commander';
import { queueArgument, whichPlace } from '../../access/dead-letter-queue.ts';
import type { Place } from '../../access/dead-letters.ts';
import { namedQueue, queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { count, orderId, queueName } from '../../cli/arguments.ts';
import { CliffracerError } from '../../errors.ts';
import type { Expression } from '../../expression/parser.ts';
import type { RedriveReport } from '../../lab/dead-letters/redrive-facts.ts';
import { ORDER } from '../../questions/offers.ts';
import { whichIfAny } from '../../questions/which.ts';
import { redriveView, type ShownRedrive } from '../../views/redrive.ts';
import { plural } from '../../views/text.ts';

export interface DlqRedriveOptions {
  to?: string;
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
  attempts, reason, error, sent_at, receive_count, message_id, body, source (the queue that gave it up)
  a field of the event, or of any JSON body: event_type, order_id, total_amount, items.sku (event.reason where the name is taken above)
  an attribute of the message: attributes.NAME
A value with spaces stands in quotes; numbers compare as numbers unless quoted; a field that is missing is an empty text.

Without --order, --where and --max the engine moves the whole queue where it can. Otherwise each message is received,
sent with all its attributes, and deleted, in that order. A crash in between makes a duplicate, never a loss.`;

export function dlqRedriveCommand(app: App): Command {
  return new Command('redrive')
    .addArgument(queueArgument())
    .option('--to <queue>', 'the queue that they go to, instead of the one that gave them up', queueName)
    .option('--order <id>', 'only messages about this order of the shop', orderId)
    .option('--where <expr>', 'only messages that fulfil this expression')
    .option('--max <n>', 'at most so many', count)
    .option('--rate <n/s>', 'at most so many a second', rate)
    .option('--dry-run', 'only say what would be moved')
    .addHelpText('after', HELP)
    .action(async (given: string | undefined, options: DlqRedriveOptions) => {
      const report = await dlqRedrive(app, () => whichPlace(app, given), options);
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
export async function dlqRedrive(
  app: App,
  choose: () => Promise<Place>,
  options: DlqRedriveOptions,
): Promise<ShownRedrive> {
  const where = options.where === undefined ? undefined : await expression(options.where);
  const from = await choose();
  const order = await orderOf(app, from, options.order);
  const to = await destination(app, from, options.to);
  const [{ clock }, { redrive }] = await Promise.all([app.connect(), import('../../lab/dead-letters/redrive.ts')]);
  app.endsOnSignal();
  const doing = `${options.dryRun ? 'Looking at' : 'Moving'} the messages of ${from.queue}`;
  const progress = await app.progress(doing);
  const { max, rate: perSecond, dryRun } = options;
  try {
    const report = await redrive(
      {
        ...{ to, source: from.only, where, max, perSecond },
        ...(order !== undefined && { labels: { order_id: order } }),
        ...(dryRun && { dryRun }),
        signal: app.signal,
        onProgress: (moved) => progress.update(`${doing}: ${plural(moved, 'message')} moved`),
      },
      { from, clock },
    );
    return flat(report);
  } finally {
    progress.stop();
  }
}

/** Labels stand beside what every dead letter has. */
const flat = ({ sample, ...report }: RedriveReport): ShownRedrive => ({
  ...report,
  sample: sample.map(({ message_id, labels: { event_type, order_id }, ...rest }) => ({
    ...{ message_id, event_type, order_id },
    ...rest,
  })),
});

async function orderOf(app: App, { service, queue }: Place, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined && service === undefined) {
    throw new CliffracerError('usage', `--order is about the shop's orders, and ${queue} is none of its queues`, {
      hint: `--where 'order_id = ${given}'`,
    });
  }
  return whichIfAny(app, ORDER, given);
}

/** The queue that gave them up, or the one that is named. Rejects with `usage` where there are several. */
async function destination(app: App, from: Place, given: string | undefined): Promise<string> {
  const { queue, sources, only, service } = from;
  if (given === undefined) {
    if (only !== undefined || sources.length === 1) return only ?? sources[0]!;
    throw new CliffracerError('usage', `dead letters of several queues are in ${queue}: ${sources.join(', ')}`, {
      hint: `name one of them, as in cliffracer dlq redrive ${sources[0]}; or give --to QUEUE`,
    });
  }
  const { queue: named } = await namedQueue(app, given, await queueStates(app));
  if (service === undefined) return named;
  // The stack's queues are called by their names within it.
  const { names } = await app.connect();
  const prefix = names.queue('');
  if (named.startsWith(prefix)) return named.slice(prefix.length);
  throw new CliffracerError('usage', `${named} is no queue of stack ${names.stack}`, { hint: 'cliffracer queue list' });
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
