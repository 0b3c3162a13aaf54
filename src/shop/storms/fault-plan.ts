import type { Call } from './calls.ts';
import { FAULT_KINDS, type Fault, type FaultKind, faultId, ruleOf, SPARES_CUSTOMERS } from './faults.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface PlanOptions {
  kinds: readonly FaultKind[];
  /** Whether customers' programs fail as well. */
  customersFail: boolean;
  /** Only these, by `faultId`, with the numbers that they bear; all that are drawn when undefined. */
  only?: ReadonlyMap<string, number> | undefined;
}

/** A fault to inject into a call. */
export interface InjectedFault {
  kind: FaultKind;
  /** Decides the details, in [0, 1). */
  chance: number;
}

const DETAIL_INDEX = FAULT_KINDS.length;

/** Decides which fault is injected into which call, and records what was injected. */
export class FaultPlan {
  readonly faults: Fault[] = [];
  readonly #random: SeededRandom;
  readonly #kinds: readonly { kind: FaultKind; question: number }[];
  readonly #only: ReadonlyMap<string, number> | undefined;
  readonly #customersFail: boolean;
  #ended = false;

  constructor(random: SeededRandom, { kinds, only, customersFail }: PlanOptions) {
    this.#random = random;
    this.#customersFail = customersFail;
    this.#only = only;
    this.#kinds = FAULT_KINDS.map((kind, question) => ({ kind, question })).filter(({ kind }) => kinds.includes(kind));
  }

  /** Injects nothing from here on. */
  end(): void {
    this.#ended = true;
  }

  draw(call: Call): InjectedFault | undefined {
    if (this.#ended) return undefined;
    const spared = call.caller === 'customer' && !this.#customersFail;
    const hash = this.#random.hash(call.key);
    const drawn = this.#kinds.find(({ kind, question }) => {
      const { applies, rate, certain } = ruleOf(kind);
      if (spared && !SPARES_CUSTOMERS.has(kind)) return false;
      return applies(call) && (certain?.(call) || this.#random.drawFrom(hash, question) < rate);
    });
    if (drawn === undefined) return undefined;
    const { kind } = drawn;
    if (this.#only !== undefined && !this.#only.has(faultId(kind, call.key))) return undefined;
    return { kind, chance: this.#random.drawFrom(hash, DETAIL_INDEX) };
  }

  /** Records a fault that was injected. */
  struck(call: Call, kind: FaultKind, detail: string): Fault {
    const number = this.#only?.get(faultId(kind, call.key)) ?? this.faults.length + 1;
    const fault = { number, kind, detail, key: call.key };
    this.faults.push(fault);
    return fault;
  }
}
