import type { ViewContext } from '../views/context.ts';

/** What the middle of the screen lists. */
export const LISTS = ['events', 'calls', 'orders', 'tables', 's3', 'metrics', 'logs'] as const;
export type ListName = (typeof LISTS)[number];

export const PANES = ['system', 'list', 'detail'] as const;
export type Pane = (typeof PANES)[number];

/** What the right of the screen is about. */
export type Subject =
  | { kind: 'trace'; id: string }
  | { kind: 'effects'; seq: number }
  | { kind: 'queue' | 'topic' | 'consumer'; name: string }
  | { kind: 'peek'; queue: string }
  | { kind: 'items'; table: string }
  | { kind: 'object'; bucket: string; key: string }
  | { kind: 'text'; title: string; text: string };

export const sameSubject = (a: Subject | undefined, b: Subject | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** What was read of a subject, ready to be written for a width. */
export interface Shown {
  subject: Subject;
  view(context: ViewContext): string;
  /** Whether it can change no more. */
  settled: boolean;
}

/** A row of a list that is read as a whole: orders, tables, objects, metrics, log lines. */
export interface Entry {
  id: string;
  cells: readonly string[];
  tone?: 'dim' | 'red' | 'green' | 'yellow';
  subject: Subject;
}

export interface Entries {
  list: ListName;
  titles: readonly string[];
  rows: readonly Entry[];
}

/** What the person at the keys has done: where they are, and what they are typing. */
export interface Ui {
  list: ListName;
  pane: Pane;
  /** The list whose selected row keys are about, also while the right pane is the current one. */
  from: 'system' | 'list';
  /** Row of each list that is selected, by its id; the list of what happens follows its newest row without one. */
  selected: { system?: string | undefined; list?: string | undefined };
  /** Shown in the right pane in place of what is selected. */
  pinned?: Subject;
  /** Lines of the right pane above its top. */
  top: number;
  filters: { system: string; list: string };
  typing?: { what: 'filter' | 'command'; text: string };
  question?: { text: string; request: Request };
  /** Said in the last line until the next key. */
  notice?: { text: string; tone: 'green' | 'yellow' | 'red' };
  help: boolean;
}

/** What a key asks of whoever runs the screen. */
export type Request =
  | { kind: 'hold' | 'end_hold' | 'step'; queue: string }
  | { kind: 'redrive'; from: string; to: readonly string[] }
  | { kind: 'quit' | 'suspend' | 'redraw' };

export interface Step {
  ui: Ui;
  requests: Request[];
}

export const START: Ui = {
  ...{ list: 'events', pane: 'system', from: 'system', selected: {}, top: 0 },
  ...{ filters: { system: '', list: '' }, help: false },
};

/** The same with another pane as the current one. */
export const inPane = (ui: Ui, pane: Pane): Ui => ({ ...ui, pane, from: pane === 'detail' ? ui.from : pane });
