import type { ServiceName } from '../domain/names.ts';
import { analyticsService } from './analytics.ts';
import type { Service } from './effects.ts';
import { fulfillmentService } from './fulfillment.ts';
import { inventoryService } from './inventory.ts';
import { orderService } from './order.ts';
import { paymentService } from './payment.ts';

/** The shop's services by name; a set of other services with the same names can stand in for it. */
export type Services = Readonly<Record<ServiceName, Service>>;

export const SERVICE_MODULES: Services = {
  order: orderService,
  inventory: inventoryService,
  payment: paymentService,
  fulfillment: fulfillmentService,
  analytics: analyticsService,
};
