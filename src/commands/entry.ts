import type { Command } from 'commander';
import type { App } from '../app.ts';

/** A command as the tree knows it before its module is loaded. */
export interface Entry {
  /** As typed: `order create` is commands/order/create.ts. */
  path: string;
  summary: string;
  group: string;
  load(app: App): Promise<Command>;
  /** What its group does when it is typed alone. */
  isDefault?: boolean;
}

export const entry = (group: string, path: string, summary: string, load: Entry['load']): Entry => ({
  group,
  path,
  summary,
  load,
});

export const ENGINE = 'Engine:';
export const STACK = 'Stack:';
export const SHOP = 'Shop:';
export const LOOK = 'Look inside:';
export const CONSUMERS = 'Your own consumers:';
export const LAB = 'Laboratory (embedded engine):';

/** A command that only holds others. */
export interface Group {
  name: string;
  summary: string;
  group: string;
}

/** All that can be typed. */
export interface CommandTree {
  entries: readonly Entry[];
  groups: readonly Group[];
}
