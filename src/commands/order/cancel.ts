import { Command } from 'commander';
import type { App } from '../../app.ts';
import { orderArgument } from '../../cli/arguments.ts';
import { ORDER } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import type { CancelledOrder } from '../../shop/runtime/cancel-order.ts';
import { cancelledView } from '../../views/order-requests.ts';

export function orderCancelCommand(app: App): Command {
  return new Command('cancel')
    .addArgument(orderArgument())
    .addHelpText(
      'after',
      `
Example:
  $ cliffracer order cancel ord_01kb6p8zr3n8w2vq

An order that is created, reserved or paid can be cancelled: what is held is released, what was paid is refunded. When it
ships at the same moment, inventory decides who came first; an order that has shipped is fulfilled all the same.`,
    )
    .action(async (given: string | undefined) => {
      const id = await which(app, ORDER, given);
      await app.print.result(await orderCancel(app, id), cancelledView);
    });
}

/** Asks for an order to be cancelled; rejects with `not_found`, or with `conflict` when it has come too far. */
export async function orderCancel(app: App, id: string): Promise<CancelledOrder> {
  const [{ ports, clock }, { cancelOrder }] = await Promise.all([
    app.connect(),
    import('../../shop/runtime/cancel-order.ts'),
  ]);
  // The request is written and then published: Ctrl-C must not come between the two.
  app.endsOnSignal();
  return cancelOrder(id, { ports, clock });
}
