import type { MappingFact } from '../../../src/lab/lambda/facts.ts';
import type { PolledMessage, PolledQueue } from '../../../src/lab/lambda/queue.ts';

/** A message of the queue `orders`, with its body as its id where none is given. */
export function message(body: string, parts: Partial<PolledMessage> = {}): PolledMessage {
  return {
    ...{ messageId: body, receiptHandle: `receipt-${body}`, body, md5OfBody: 'md5' },
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
    messageAttributes: {},
    ...parts,
  };
}

/** A clock that runs as far as somebody sleeps. */
export class SleepClock {
  time = 1_000_000;
  readonly now = () => this.time;
  readonly sleep = async (ms: number, signal?: AbortSignal) => {
    if (!signal?.aborted) this.time += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

/** A clock on which sleepers wait until the test lets their time pass. */
export class HeldClock {
  #time = 1_000_000;
  readonly #sleepers = new Map<() => void, number>();

  readonly now = () => this.#time;
  readonly sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        this.#sleepers.delete(passed);
        resolve();
      };
      const passed = () => {
        this.#time += ms;
        wake();
      };
      this.#sleepers.set(passed, ms);
      if (signal?.aborted) wake();
      else signal?.addEventListener('abort', wake, { once: true });
    });

  /** Lets the time of all pass who sleep no longer than that. */
  pass(most = Number.POSITIVE_INFINITY): void {
    for (const [passed, ms] of [...this.#sleepers]) if (ms <= most) passed();
  }
}

export interface Poll {
  max: number;
  waitSeconds: number;
  trace: string;
}

/** A queue that answers each poll with what a test has prepared, and then stops the mapping. */
export class ScriptedQueue implements PolledQueue {
  readonly arn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
  readonly visibilitySeconds = 30;
  readonly polls: Poll[] = [];
  readonly deleted: string[] = [];
  readonly #answers: (PolledMessage[] | Error)[];
  readonly #clock: SleepClock;
  readonly stop = new AbortController();

  constructor(clock: SleepClock, answers: (PolledMessage[] | Error)[]) {
    this.#clock = clock;
    this.#answers = [...answers];
  }

  async receive({ max, waitSeconds, trace }: Poll): Promise<PolledMessage[]> {
    this.polls.push({ max, waitSeconds, trace });
    const answer = this.#answers.shift();
    if (this.#answers.length === 0) this.stop.abort();
    // An empty answer is one that waited for as long as it was asked to.
    if (answer === undefined || (Array.isArray(answer) && answer.length === 0)) this.#clock.time += waitSeconds * 1000;
    if (answer instanceof Error) throw answer;
    return answer ?? [];
  }

  async delete(receiptHandles: readonly string[]): Promise<void> {
    this.deleted.push(...receiptHandles.map((handle) => handle.replace('receipt-', '')));
  }
}

export const factsOf = <K extends MappingFact['kind']>(facts: readonly MappingFact[], kind: K) =>
  facts.filter((fact): fact is MappingFact & { kind: K } => fact.kind === kind);
