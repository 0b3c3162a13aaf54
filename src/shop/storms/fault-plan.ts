import type { Call } from './calls.ts';
import type { Dice } from './dice.ts';
import { FAULT_KINDS, type Fault, type FaultKind, faultId, ruleOf, SPARES_CUSTOMERS } from './faults.ts';

export interface PlanOptions {
  kinds: readonly FaultKind[];
  /** Whether customers' programs fail as well. */
  customersFail: boolean;
  /** Only these, by `faultId`, with the numbers that they bear; all that are drawn when undefined. */
  only?: ReadonlyMap<string, number> | undefined;
}

/** A fault that is to strike a call; chance decides its particulars. */
export interface Strike {
  kind: FaultKind;
  /** For the particulars, in [0, 1). */
  chance: number;
}

const PARTICULARS = FAULT_KINDS.length;

/** Decides which calls are struck by what, and keeps account. */
export class FaultPlan {
  readonly faults: Fault[] = [];
  readonly #dice: Dice;
  readonly #kinds: readonly { kind: FaultKind; question: number }[];
  readonly #only: ReadonlyMap<string, number> | undefined;
  readonly #customersFail: boolean;
  #over = false;

  constructor(dice: Dice, { kinds, only, customersFail }: PlanOptions) {
    this.#dice = dice;
    this.#customersFail = customersFail;
    this.#only = only;
    this.#kinds = FAULT_KINDS.map((kind, question) => ({ kind, question })).filter(({ kind }) => kinds.includes(kind));
  }

  /** From here on nothing goes wrong. */
  end(): void {
    this.#over = true;
  }

  draw(call: Call): Strike | undefined {
    if (this.#over) return undefined;
    const spared = call.line === 'customer' && !this.#customersFail;
    const hash = this.#dice.hash(call.key);
    const struck = this.#kinds.find(({ kind, question }) => {
      const { applies, rate, certain } = ruleOf(kind);
      if (spared && !SPARES_CUSTOMERS.has(kind)) return false;
      return applies(call) && (certain?.(call) || this.#dice.drawFrom(hash, question) < rate);
    });
    if (struck === undefined) return undefined;
    const { kind } = struck;
    if (this.#only !== undefined && !this.#only.has(faultId(kind, call.key))) return undefined;
    return { kind, chance: this.#dice.drawFrom(hash, PARTICULARS) };
  }

  /** Puts on record that it struck. */
  struck(call: Call, kind: FaultKind, detail: string): Fault {
    const number = this.#only?.get(faultId(kind, call.key)) ?? this.faults.length + 1;
    const fault = { number, kind, detail, key: call.key };
    this.faults.push(fault);
    return fault;
  }
}
