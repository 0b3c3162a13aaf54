/** The five services; each consumes `<name>-queue` and logs to the stream `<name>-service`. */
export const SERVICES = ['order', 'inventory', 'payment', 'fulfillment', 'analytics'] as const;
export type ServiceName = (typeof SERVICES)[number];

export const TABLES = ['orders', 'products', 'inventory', 'reservations', 'payments', 'customers'] as const;
export type TableName = (typeof TABLES)[number];

export const queueOf = (service: ServiceName): string => `${service}-queue`;
export const deadLetterQueueOf = (service: ServiceName): string => `${service}-queue-dlq`;
export const logStreamOf = (service: ServiceName): string => `${service}-service`;
export const receiptKeyOf = (orderId: string): string => `receipts/${orderId}.json`;
