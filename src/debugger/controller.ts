import type { Breakpoint } from './breakpoint.ts';
import type { Ability, HowToDeliver, ShownMessage } from './model.ts';

/** What is done at a stop. */
export type Action =
  /** `undo`: the state from before is loaded afterwards, and the message left. */
  | ({ kind: 'deliver'; undo?: boolean } & HowToDeliver)
  | { kind: 'leave' }
  | { kind: 'dead_letter' }
  | { kind: 'undo' }
  /** Delivers it, and all that belong to it, without a further stop but at breakpoints. */
  | { kind: 'run'; body?: string }
  /** Delivers it, and all others, up to a breakpoint. */
  | { kind: 'continue'; body?: string }
  /** Sets breakpoints anew and asks again. */
  | { kind: 'break'; breakpoints: readonly Breakpoint[] }
  | { kind: 'quit' };

export interface Stop {
  message: ShownMessage;
  /** Texts of the breakpoints that it fulfils. */
  reasons: readonly string[];
  breakpoints: readonly Breakpoint[];
  /** `undo` when there is something to undo. */
  abilities: ReadonlySet<Ability>;
  deadLetterQueue: string | null;
  /** What it belongs to, in a word: order, conversation. */
  belongings: string;
  /** The first stop of the session. */
  isFirst: boolean;
}

/** Nothing waits but what was left. */
export interface Idle {
  left: number;
  canUndo: boolean;
  isFirst: boolean;
  /** Resolves when something has come. */
  arrival(signal: AbortSignal): Promise<void>;
}

/** Says what is done at each stop: a person at the keys, or flags. */
export interface Controller {
  decide(stop: Stop): Promise<Action>;
  /** What to do while nothing waits: `again` goes through what was left. Without it the session ends. */
  idle?(idle: Idle): Promise<'arrived' | 'again' | 'undo' | 'quit'>;
}
