import type { Notices } from '../core/notices.ts';
import type { CallEntry } from './entry.ts';
import { lastPart } from './resources.ts';

/** Different things that are counted at most. */
const MOST = 2_000;

/**
 * Tells the engine's log of each refused call, each fault that struck and each dead letter. What happens again is counted,
 * and told at the 10th, 100th ... time, so that no program fills the disk.
 */
export class CallNotices {
  readonly #notices: Notices;
  readonly #times = new Map<string, number>();

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  note(entry: CallEntry): void {
    const { caller, service, operation, code, fault, effects } = entry;
    if (fault !== undefined) this.#tell(`fault ${fault} struck ${service}:${operation} of ${caller}`);
    else if (code !== undefined) this.#tell(`${service}:${operation} of ${caller} refused: ${code}`);
    for (const effect of effects ?? []) {
      if (effect.kind !== 'message' || effect.change !== 'dead_lettered') continue;
      this.#tell(`${lastPart(effect.queue)}: a message went to the dead-letter queue ${lastPart(effect.to ?? '')}`);
    }
  }

  #tell(text: string): void {
    const times = (this.#times.get(text) ?? 0) + 1;
    if (times === 1 && this.#times.size >= MOST) return;
    this.#times.set(text, times);
    if (times === 1) this.#notices.add(text);
    else if (/^10+$/.test(String(times))) this.#notices.add(`${text}, ${times} times so far`);
  }
}
