import type { CallTrace } from '../trace/model.ts';
import type { EndDifference } from './compare.ts';
import type { Lost } from './conserve.ts';
import type { Violation } from './invariants.ts';
import type { Stuck } from './model.ts';
import type { Case, Experiment } from './plan.ts';

/** A case whose end is not what it has to be. */
export interface Counterexample extends Case {
  differences: EndDifference[];
  stuck?: Stuck;
  /** Of the user's functions. */
  violations: Violation[];
  /** Messages that are not where they have to be, of `conserve`. */
  lost: Lost[];
  /** Garbage that was deleted instead of being kept for somebody to look at. */
  swallowed?: true;
  /** What became of the message, in the run that failed. */
  trace?: CallTrace;
  /** Other cases that end in the same way. */
  like: string[];
  /** It failed once, and held when it was tried again. */
  flaky?: true;
}

export interface Tally {
  experiment: Experiment;
  runs: number;
  held: number;
  failed: number;
  not_tried: number;
}

/**
 * over_budget: no run was left for it; did_not_strike: the call did not come; answered: the message was deleted while the
 * call was held, so that its visibility timeout could not end; one_hand: nobody else receives from the queue;
 * not_ours: which process makes these calls is not known;
 * batch_differs: a batch ends otherwise already without the disturbance;
 * interfered: another program wrote something meanwhile, twice; consumer_gone: nobody receives any more.
 */
export type NotTriedReason =
  | 'over_budget'
  | 'did_not_strike'
  | 'answered'
  | 'one_hand'
  | 'not_ours'
  | 'batch_differs'
  | 'interfered'
  | 'consumer_gone';

/** Calls of the undisturbed run that belong to no message, so that no failure can be made at them. */
export interface Unattributed {
  caller: string;
  operation: string;
  resource: string;
  calls: number;
}

/** What a program that is no part of what is checked did meanwhile. */
export type OthersCall = Unattributed;

export interface Verdict {
  deliveries: number;
  /** `PLACE: PATH` of what differed between undisturbed runs, and was not compared. */
  masked: string[];
  /** The same of what was compared with marks in the place of times and random ids. */
  shaped: string[];
  tallies: Tally[];
  failures: Counterexample[];
  not_tried: { id: string; reason: NotTriedReason }[];
  unattributed: Unattributed[];
  /** Queues that nobody receives from: what lies there was compared. */
  outputs: string[];
  /** Queues without a dead-letter queue: garbage there comes for ever. */
  without_dead_letters: string[];
  /** Consumers keep something in memory, and were started anew for each run. */
  remembers: boolean;
  /** Writes of other programs meanwhile, which were put back with the rest. */
  put_back: OthersCall[];
}

export type CheckFact =
  | { kind: 'baseline'; run: number; deliveries: number }
  | { kind: 'planned'; cases: number }
  | { kind: 'case'; id: string; held: boolean };
