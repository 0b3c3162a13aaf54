import type { Call } from './calls.ts';
import { isWrite } from './calls.ts';

interface FaultRule {
  /** As told to the user. */
  title: string;
  /** Probability for each call to which it applies; `certain` calls always get it, so that every storm has one. */
  rate: number;
  certain?(call: Call): boolean;
  applies(call: Call): boolean;
}

const named =
  (...names: readonly string[]) =>
  ({ name }: Call) =>
    names.includes(name);
const inShop = ({ caller }: Call) => caller !== 'customer';
const anywhere = () => true;

/** All faults, in the order in which they are drawn; a call gets at most one. */
export const FAULTS = {
  poison: {
    title: 'a message that is no event',
    rate: 0.04,
    certain: ({ subject }) => subject === 'order_created of order 1',
    applies: (call) => !inShop(call) && named('topic.publish')(call),
  },
  duplicate: {
    title: 'a message delivered twice',
    rate: 0.03,
    applies: named('queues.receive', 'topic.publish'),
  },
  reorder: { title: 'messages out of order', rate: 0.15, applies: named('queues.receive') },
  lost_delete: { title: 'a delete answered, not done', rate: 0.03, applies: named('queues.delete') },
  partial: {
    title: 'one member of a batch refused',
    rate: 0.03,
    applies: named('queues.delete', 'topic.publish'),
  },
  throttle: { title: 'a call throttled', rate: 0.006, applies: anywhere },
  error_before: { title: 'an error, nothing done', rate: 0.006, applies: anywhere },
  error_after: {
    title: 'an error, but done',
    rate: 0.015,
    applies: isWrite,
  },
  outage: { title: 'the engine out of reach', rate: 0.002, applies: anywhere },
  crash: { title: 'a process killed in mid-call', rate: 0.006, applies: anywhere },
  restart: { title: 'a worker told to stop, and started again', rate: 0.002, applies: inShop },
  pause: { title: 'a worker asleep beyond the visibility timeout', rate: 0.001, applies: inShop },
  clock_jump: { title: 'a jump of the clock', rate: 0.002, applies: anywhere },
  // Races happen between a read and the write that depends on it.
  delay: {
    title: 'a call overtaken by others',
    rate: 0.03,
    applies: (call) => !named('queues.receive', 'tables.write')(call),
  },
  late_write: { title: 'a write overtaken by others', rate: 0.3, applies: named('tables.write') },
} as const satisfies Record<string, FaultRule>;

/** Faults that never lose a customer's order; the only ones for customers of handlers without repair. */
export const SPARES_CUSTOMERS: ReadonlySet<string> = new Set([
  'poison',
  'duplicate',
  'clock_jump',
  'delay',
  'late_write',
]);

export type FaultKind = keyof typeof FAULTS;
export const ruleOf = (kind: FaultKind): FaultRule => FAULTS[kind];
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** A fault that was injected. */
export interface Fault {
  /** Its number in its storm, from 1. */
  number: number;
  kind: FaultKind;
  /** What exactly: `after the call`, `for 35 s`. */
  detail: string;
  /** The key of the call. */
  key: string;
}

/** The same in every run of the same storm. */
export const faultId = (kind: FaultKind, key: string): string => `${kind} ${key}`;
