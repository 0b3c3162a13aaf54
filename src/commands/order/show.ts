import { Command } from 'commander';
import type { App } from '../../app.ts';
import { orderArgument } from '../../cli/arguments.ts';
import { receiptKeyOf } from '../../domain/names.ts';
import { keyOf, type OrderRecord, type PaymentRecord, type ReservationRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import { ORDER } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import { type OrderDetail, orderView } from '../../views/orders.ts';

export function orderShowCommand(app: App): Command {
  return new Command('show')
    .addArgument(orderArgument())
    .addHelpText('after', '\nExample:\n  $ cliffracer order show ord_01kb6p8zr3n8w2vq')
    .action(async (given: string | undefined) => {
      const id = await which(app, ORDER, given);
      await app.print.result(await orderShow(app, id), orderView);
    });
}

/** One order with what each service made of it; rejects with `not_found`. */
export async function orderShow(app: App, id: string): Promise<OrderDetail> {
  const { ports } = await app.connect();
  const [[order, reservation, payment], receipt] = await Promise.all([
    ports.tables.getMany([
      { table: 'orders', key: keyOf('orders', id) },
      { table: 'reservations', key: keyOf('reservations', id) },
      { table: 'payments', key: keyOf('payments', id) },
    ]),
    findReceipt(app, id),
  ]);
  if (order === undefined) {
    throw new CliffracerError('not_found', `no order ${JSON.stringify(id)}`, { hint: 'cliffracer order list' });
  }
  return {
    order: order as OrderRecord,
    reservation: reservation as ReservationRecord | undefined,
    payment: payment as PaymentRecord | undefined,
    receipt,
  };
}

async function findReceipt(app: App, id: string): Promise<OrderDetail['receipt']> {
  const { ports } = await app.connect();
  const wanted = receiptKeyOf(id);
  for await (const { key, size, modifiedAt } of ports.bucket.list(wanted)) {
    if (key === wanted) return { key, size, stored_at: new Date(modifiedAt).toISOString() };
  }
  return undefined;
}
