import type { Debuggee, WaitingMessage } from './model.ts';

interface Undoable {
  message: WaitingMessage;
  left: Set<string>;
}

/** States that can be gone back to; each is the whole of the engine, so there are few. */
const MOST = 20;

/** The states from before the latest actions, as snapshots of the engine. */
export class UndoStack {
  readonly #debuggee: Debuggee;
  readonly #states: (Undoable & { name: string })[] = [];
  #count = 0;

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
  }

  get isEmpty(): boolean {
    return this.#states.length === 0;
  }

  /** Takes a snapshot of the present. */
  async push(undoable: Undoable): Promise<void> {
    const name = `debug-${++this.#count}`;
    await this.#debuggee.save(name);
    this.#states.push({ ...undoable, name });
    if (this.#states.length > MOST) await this.#debuggee.forget(this.#states.shift()!.name);
  }

  /** Brings the latest of them back. */
  async undo(): Promise<Undoable> {
    const { name, ...undoable } = this.#states.pop()!;
    await this.#debuggee.load(name);
    await this.#debuggee.forget(name);
    return undoable;
  }

  /** Forgets them all; an engine that is gone has forgotten them itself. */
  async clear(): Promise<void> {
    for (const { name } of this.#states.splice(0)) await this.#debuggee.forget(name).catch(() => undefined);
  }
}
