import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { orderListCommand } from '../order/list.ts';

/** The same list as `order list`, where somebody looks for tables. */
export const inspectOrdersCommand = (app: App): Command => orderListCommand(app, 'inspect orders');
