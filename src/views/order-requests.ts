import type { CancelledOrder } from '../shop/runtime/cancel-order.ts';
import type { RetriedOrder } from '../shop/runtime/retry-order.ts';
import type { View, ViewContext } from './context.ts';
import { safe, status } from './text.ts';

const warningLines = (warnings: readonly string[], { paint }: ViewContext): string[] =>
  warnings.map((warning) => paint.yellow(`  warning: ${safe(warning)}`));

const next = ({ paint, terminal }: ViewContext): string[] => (terminal ? [paint.dim('  Next: cliffracer drain')] : []);

export const cancelledView: View<CancelledOrder> = ({ order, asked_before, warnings }, context) => {
  const { paint } = context;
  const asked = asked_before
    ? 'was to be cancelled before; asked again'
    : 'is to be cancelled: cancel_requested published';
  return [
    `${paint.green('✓')} ${paint.bold(safe(order.order_id))} ${asked}`,
    ...warningLines(warnings, context),
    ...next(context),
  ].join('\n');
};

export const retriedView: View<RetriedOrder> = (retried, context) => {
  const { paint } = context;
  const { order_id, payment_repaired, published, warnings } = retried;
  const id = paint.bold(safe(order_id));
  if (published.length === 0) {
    return `${paint.dim('·')} ${id} is ${status(retried.status, context)} and waits for nothing`;
  }
  return [
    ...(payment_repaired ? [`${paint.green('✓')} ${id} its payment provider works from now on`] : []),
    ...published.map(
      ({ event_type, unhandled_by }) =>
        `${paint.green('✓')} ${id} ${safe(event_type)} published again: ${unhandled_by.join(' and ')} ${unhandled_by.length === 1 ? 'has' : 'have'} not handled it`,
    ),
    ...warningLines(warnings, context),
    ...next(context),
  ].join('\n');
};
