import { Command } from 'commander';
import { queueArgument, whichPlace } from '../../access/dead-letter-queue.ts';
import type { Place } from '../../access/dead-letters.ts';
import type { App } from '../../app.ts';
import { count } from '../../cli/arguments.ts';
import { keyOf, type OrderRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { DeadLetter } from '../../lab/dead-letters/dead-letter.ts';
import type { TablePort } from '../../ports.ts';
import { only } from '../../questions/which.ts';
import { type DeadLetterDetail, deadLetterView, type ShownDeadLetters } from '../../views/dead-letter.ts';

export interface DlqShowOptions {
  message?: string;
  limit?: number;
}

const DEFAULT_LIMIT = 10;

export function dlqShowCommand(app: App): Command {
  return new Command('show')
    .addArgument(queueArgument())
    .option('--message <id>', 'only this message; the beginning of its id will do')
    .option('-L, --limit <n>', `at most so many, the oldest (default ${DEFAULT_LIMIT})`, count)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer dlq show payment\n  $ cliffracer dlq show payment-queue-dlq --message 5f1d22c3-0ae5-4f0c-9cd3-6a1b0a7e2d11\n\nThe messages stay where they are; except on the embedded engine, looking counts as a receive.',
    )
    .action(async (given: string | undefined, options: DlqShowOptions) => {
      await app.print.result(await dlqShow(app, await whichPlace(app, given), options), deadLetterView);
    });
}

/** Dead letters with their last error and what became of the order; rejects with `not_found` for an unknown message. */
export async function dlqShow(app: App, place: Place, options: DlqShowOptions): Promise<ShownDeadLetters> {
  const { inspectDeadLetters } = await import('../../lab/dead-letters/inspect.ts');
  const { queue, queues, service } = place;
  const { ready, inFlight, delayed } = await queues.depth(queue);
  const { message, limit = DEFAULT_LIMIT } = options;
  const looked = { limit: message === undefined ? Math.min(limit, ready) : ready, stacks: true };
  const wanted =
    message === undefined ? {} : { wanted: (seen: { messageId: string }) => seen.messageId.startsWith(message) };
  const letters = ready === 0 ? [] : await inspectDeadLetters(place, { ...looked, ...wanted });
  if (message !== undefined && letters.length === 0) throw noSuchMessage(message, place, inFlight);
  if (message !== undefined) onlyOne(message, letters);
  const depth = ready + inFlight + delayed;
  const messages =
    service === undefined ? letters.map(shown) : await withOrders(letters, (await app.connect()).ports.tables);
  return { queue, depth, messages, more: message === undefined && depth > letters.length };
}

/** Labels stand beside what every dead letter has. */
const shown = ({ event: _, labels, ...letter }: DeadLetter): DeadLetterDetail => ({ ...letter, ...labels });

function onlyOne(message: string, letters: readonly DeadLetter[]): void {
  only(
    { plural: 'messages' },
    message,
    letters.map(({ message_id }) => message_id),
  );
}

/** The orders' records, for those that there are; a hostile id is no key. */
async function withOrders(deadLetters: readonly DeadLetter[], tables: TablePort): Promise<DeadLetterDetail[]> {
  const ids = [...new Set(deadLetters.flatMap(({ labels: { order_id } }) => (isKey(order_id) ? [order_id] : [])))];
  const records = await tables.getMany(ids.map((id) => ({ table: 'orders', key: keyOf('orders', id) })));
  const orders = new Map(ids.map((id, index) => [id, records[index] as OrderRecord | undefined]));
  return deadLetters.map((deadLetter) => {
    const order = orders.get(deadLetter.labels.order_id ?? '');
    if (order === undefined) return { ...shown(deadLetter), order: null };
    const { order_id, customer_id, status, total_amount, updated_at } = order;
    return { ...shown(deadLetter), order: { order_id, customer_id, status, total_amount, updated_at } };
  });
}

/** DynamoDB Developer Guide, Constraints: a partition key has from 1 to 2,048 bytes. */
const isKey = (id: string | undefined): id is string => id !== undefined && id !== '' && Buffer.byteLength(id) <= 2_048;

function noSuchMessage(message: string, { queue, shortName }: Place, inFlight: number): CliffracerError {
  const held = inFlight === 0 ? '' : `; ${inFlight} there cannot be looked at, somebody else holds them`;
  return new CliffracerError('not_found', `no message ${JSON.stringify(message)} in ${queue}${held}`, {
    hint: `cliffracer dlq show ${shortName}`,
  });
}
