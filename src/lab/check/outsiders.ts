import type { Call } from '../calls/call.ts';
import type { RunResult } from './model.ts';
import type { OthersCall } from './verdict.ts';

/** The names by which the engine and the check itself call. */
const OWN = ['engine', 'cliffracer-check'];

/**
 * Programs that are no part of what is checked, and change something while it is: what they wrote is put back with the rest,
 * and a run in which they wrote says nothing of the consumers.
 */
export class Outsiders {
  readonly #known = new Set<string>(OWN);
  readonly #seen = new Set<string>();
  readonly #calls = new Map<string, OthersCall>();

  /** Whoever calls in two undisturbed runs takes part. */
  learn({ calls }: RunResult): void {
    const callers = new Set(calls.map(({ caller }) => caller));
    for (const caller of callers) (this.#seen.has(caller) ? this.#known : this.#seen).add(caller);
  }

  /** Notes what others wrote in a run; whether there was anything. */
  note({ calls, deliveries, poisonId }: RunResult): boolean {
    for (const { caller } of deliveries) this.#known.add(caller);
    const own = (call: Call) => this.#known.has(call.caller) || idsOf(call).some((id) => id === poisonId);
    const others = calls.filter((call) => hasWritten(call) && call.deliveries.length === 0 && !own(call));
    for (const { caller, operation, resources } of others) {
      const resource = resources[0] ?? '';
      const name = `${caller} ${operation} ${resource}`;
      const one = this.#calls.get(name) ?? { caller, operation, resource, calls: 0 };
      this.#calls.set(name, { ...one, calls: one.calls + 1 });
    }
    return others.length > 0;
  }

  get calls(): OthersCall[] {
    return [...this.#calls.values()];
  }
}

const hasWritten = ({ effects }: Call) =>
  effects.some(({ kind }) => /^(?:item|object|message|published|resource)$/.test(kind));

const idsOf = ({ effects }: Call) =>
  effects.flatMap((effect) => (effect.kind === 'message' ? [effect.message_id] : []));
