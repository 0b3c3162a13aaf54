import { Command } from 'commander';
import type { App } from '../../app.ts';
import { orderArgument } from '../../cli/arguments.ts';
import { ORDER } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import type { RetriedOrder } from '../../shop/runtime/retry-order.ts';
import { retriedView } from '../../views/order-requests.ts';

export function orderRetryCommand(app: App): Command {
  return new Command('retry')
    .addArgument(orderArgument())
    .addHelpText(
      'after',
      `
Example:
  $ cliffracer order retry ord_01kb6p8zr3n8w2vq

Publishes again what the order is waiting for, told by its records; harmless when nothing is missing. For an order that
was placed with --payment error, the payment provider works from now on.`,
    )
    .action(async (given: string | undefined) => {
      const id = await which(app, ORDER, given);
      await app.print.result(await orderRetry(app, id), retriedView);
    });
}

/** Publishes again what an order is waiting for; rejects with `not_found`. */
export async function orderRetry(app: App, id: string): Promise<RetriedOrder> {
  const [{ ports, clock }, { retryOrder }] = await Promise.all([
    app.connect(),
    import('../../shop/runtime/retry-order.ts'),
  ]);
  app.endsOnSignal();
  return retryOrder(id, { ports, clock });
}
