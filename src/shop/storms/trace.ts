import type { Call } from './calls.ts';
import type { Fault } from './faults.ts';
import type { Outcome } from './injected-faults.ts';

/** One entry of a storm's trace: a call, or a fault before it. */
export interface TraceFact {
  kind: 'call';
  /** Number of calls so far, this one included. */
  step: number;
  /** Milliseconds since the storm began. */
  at: number;
  /** The process: `worker 2`, `customer 7`. */
  actor: string;
  caller: string;
  call: string;
  subject: string;
  /** The outcome, if it is not the usual one. */
  outcome?: string;
  fault?: Omit<Fault, 'key'>;
}

export function traceFact(
  when: { step: number; at: number; actor: string },
  { caller, name, subject }: Call,
  outcome: Outcome | undefined,
  fault: Fault | undefined,
): TraceFact {
  const told = outcome === undefined ? undefined : outcomeText(outcome);
  return {
    kind: 'call',
    ...when,
    caller,
    call: name,
    subject,
    ...(told !== undefined && { outcome: told }),
    ...(fault !== undefined && { fault: { number: fault.number, kind: fault.kind, detail: fault.detail } }),
  };
}

function outcomeText(outcome: Outcome): string | undefined {
  if (outcome === 'dead') return 'killed';
  if ('error' in outcome) return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
  const { value } = outcome;
  if (Array.isArray(value)) return value.length === 0 ? undefined : String(value.length);
  return (value as { written?: boolean } | undefined)?.written === false ? 'conflict' : undefined;
}
