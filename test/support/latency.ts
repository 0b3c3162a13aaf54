import type { Clock } from '../../src/clock.ts';
import { type Connection, connectTo } from '../../src/connection.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { requestHandler, type SdkRequest, type SdkResponse } from '../../src/emulator/request-handler.ts';

/** Turns of the event loop after which nothing goes on but by the clock: the SDK takes some for a call. */
const TURNS = 12;

/** What one task cost: its calls, and the milliseconds that it took by the virtual clock. */
export interface Cost {
  calls: number;
  ms: number;
}

/** A stack on an engine in this process on which every call takes `callMs` of a virtual clock, however busy the machine is. */
export interface LatentStack {
  connection: Connection;
  clock: Clock;
  measure(task: () => Promise<unknown>): Promise<Cost>;
  close(): void;
}

/** Told of a call before it is made; what it answers, if anything, is the answer after the call's time. */
export interface Limits {
  begin(request: SdkRequest, now: number): SdkResponse | undefined;
  end(request: SdkRequest): void;
}

export async function openLatentStack(callMs: number, limits?: Limits): Promise<LatentStack> {
  const time = new VirtualTime();
  const emulator = createEmulator({ seed: 0, frozenAt: time.now() });
  const inner = requestHandler(emulator);
  let calls = 0;
  const delayed = Object.assign(Object.create(inner) as typeof inner, {
    async handle(request: SdkRequest, options?: { abortSignal?: unknown }) {
      calls++;
      const refused = limits?.begin(request, time.now());
      await time.sleep(callMs);
      emulator.engine.advanceTo(time.now());
      if (refused !== undefined) return { response: refused };
      limits?.end(request);
      return inner.handle(request, options);
    },
  });
  const target = { kind: 'local', engine: 'embedded', endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' } as const;
  const connection = await connectTo({ ...target, account: '000000000000' }, undefined, {
    requestHandler: delayed,
    clock: time,
  });
  return {
    connection,
    clock: time,
    async measure(task) {
      const [callsBefore, start] = [calls, time.now()];
      await time.during(task());
      return { calls: calls - callsBefore, ms: time.now() - start };
    },
    close() {
      connection.clients.close();
      emulator.close();
    },
  };
}

class VirtualTime implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { due: number; wake(): void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const awake = () => {
        signal?.removeEventListener('abort', awake);
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const sleeper = { due: this.#now + ms, wake: awake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', awake, { once: true });
    });
  }

  /** Moves on to the next moment whenever nothing else can go on, until the task has ended. */
  async during(task: Promise<unknown>): Promise<void> {
    let running = true;
    const ended = task.finally(() => {
      running = false;
    });
    ended.catch(() => {});
    while (running) {
      for (let turn = 0; turn < TURNS && running; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = Math.min(...this.#sleepers.map(({ due }) => due));
      if (!running || !Number.isFinite(next)) continue;
      this.#now = Math.max(this.#now, next);
      const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.#now);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > this.#now);
      for (const { wake } of due) wake();
    }
    await ended;
  }
}
