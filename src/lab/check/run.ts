import { learnBackground, untilBackgroundRests } from './background.ts';
import { callsAfter, endOf, logical } from './calls.ts';
import { inTwoHands, killed, untilOver } from './hands.ts';
import { sentAgain } from './identity.ts';
import type { Disturbance, Outcome, RunDelivery, RunOptions, RunResult, Stuck } from './model.ts';
import { makeOlder, turnClock } from './older.ts';
import { publishedIn } from './published.ts';
import { inOrderOfSending, receivable, type Waiting } from './waiting.ts';
import { allReceiversAt, type InHand, isApart, isAsking, pickUp } from './watch.ts';
import type { LabWorld, QueueState } from './world.ts';

/** Rounds of one message without any dead-letter queue after which it is taken to come for ever. */
const MOST_ATTEMPTS = 4;
/** A dead-letter queue that gets messages only after more rounds gets them too late. */
const MOST_ROUNDS = 25;
/** Of a lease by the time that a Lambda function has left, unless its timeout was changed: 3 s. */
const LEASE_MS = 3_500;
/** A quarter of an hour: a consumer that was down, a message that was moved back from the dead-letter queue. */
const LATE_MS = 15 * 60_000;

/**
 * Lets the consumers handle everything that waits, one message at a time in the order of sending, until all queues but
 * those for dead letters are empty. All queues are held before; what a consumer neither deletes nor returns comes again
 * when its visibility timeout ends, which takes no time as the clock is turned.
 */
export async function runExperiment(world: LabWorld, options: RunOptions): Promise<RunResult> {
  const start = (await world.calls.page({ last: true, limit: 1 })).next;
  const run = new Run(world, options);
  if (options.poison !== undefined) await run.poison(options.poison);
  if (options.habits.learning) await learnBackground(world, [], options);
  let stuck = await run.toTheEnd();
  while (stuck === undefined) {
    const before = run.deliveries.length;
    await untilBackgroundRests(world, options);
    stuck = await run.toTheEnd();
    if (run.deliveries.length === before) break;
  }
  if (options.habits.learning) await learnBackground(world, await callsAfter(world, start), options);
  const calls = await callsAfter(world, start);
  return {
    deliveries: run.deliveries,
    end: { ...(await world.contents(options.include)), published: publishedIn(calls) },
    outcome: run.outcome,
    calls,
    ...(stuck !== undefined && { stuck }),
    ...(run.poisonId !== undefined && { poisonId: run.poisonId }),
    ...(run.copyId !== undefined && { copyId: run.copyId }),
  };
}

class Run {
  readonly deliveries: RunDelivery[] = [];
  outcome: Outcome;
  poisonId: string | undefined;
  copyId: string | undefined;
  readonly #world: LabWorld;
  readonly #options: RunOptions;
  readonly #queues: ReadonlyMap<string, QueueState>;
  readonly #sources: readonly string[];
  /** Poison that no dead-letter queue takes. */
  #givenUp: string | undefined;
  /** The copy that comes late, or to a consumer anew. */
  #copyOf: string | undefined;

  constructor(world: LabWorld, options: RunOptions) {
    const { queues } = options;
    this.#world = world;
    this.#options = options;
    this.#queues = new Map(queues.map((queue) => [queue.name, queue]));
    this.#sources = queues
      .filter(({ name, dead_letters_of }) => dead_letters_of.length === 0 && !options.outputs.has(name))
      .map(({ name }) => name);
    this.outcome = options.disturbance === undefined ? 'done' : 'did_not_strike';
  }

  /** A copy of a message that waits has its attributes, and passes no rule of sending. */
  async poison({ queue, body }: { queue: string; body: string }): Promise<void> {
    const [model] = (await this.#world.waiting())[queue] ?? [];
    this.poisonId =
      model === undefined
        ? await this.#world.send({ queue, body })
        : await this.#world.copy(queue, model.message_id, { fresh: true, body });
  }

  async toTheEnd(): Promise<Stuck | undefined> {
    for (;;) {
      this.#options.signal.throwIfAborted();
      const waiting = await this.#waiting();
      const ready = receivable(waiting, (each) => this.#isFifo(each));
      if (ready.length === 0) {
        if (waiting.length === 0) return undefined;
        // What is in flight or delayed becomes ready, or moves to the dead letters, when its time is up.
        if (!(await turnClock(this.#world, this.#options))) return undefined;
        continue;
      }
      const stuck = await this.#deliverNext(ready);
      if (stuck !== undefined) return stuck;
    }
  }

  /** What lies in the queues that consumers read, in the order of sending; poison before all, on a FIFO queue in its place. */
  async #waiting(): Promise<Waiting[]> {
    const queues = await this.#world.waiting();
    const all = this.#sources.flatMap((queue) => (queues[queue] ?? []).map((message) => ({ queue, message })));
    const { order } = this.#options;
    if (new Set(all.map(({ queue }) => queue)).size > 1) await order.read(this.#world);
    const isFirst = (each: Waiting) => each.message.message_id === this.poisonId && !this.#isFifo(each);
    return inOrderOfSending(
      all.filter(({ message }) => message.message_id !== this.#givenUp),
      order,
      isFirst,
    );
  }

  #isFifo({ queue }: Waiting): boolean {
    return this.#queues.get(queue)?.fifo === true;
  }

  async #deliverNext(ready: readonly Waiting[]): Promise<Stuck | undefined> {
    const { disturbance } = this.#options;
    const own = disturbance?.at === this.deliveries.length ? disturbance : undefined;
    const followers = ready.slice(1).filter((each) => this.#maySwap(ready[0]!, each));
    const swapped = own?.first === undefined ? undefined : followers[own.first];
    if (swapped !== undefined) this.outcome = 'done';
    const next = swapped ?? ready[0]!;
    const { queue, message } = next;
    const hasDeadLetters = this.#queues.get(queue)?.dead_letter_queue != null;
    if (message.message_id === this.poisonId && !hasDeadLetters && message.receives >= MOST_ATTEMPTS - 1) {
      // It would come for ever, as there is nowhere to put it; the others still have to be handled.
      this.#givenUp = message.message_id;
      return undefined;
    }
    if (message.receives >= (hasDeadLetters ? MOST_ROUNDS : MOST_ATTEMPTS)) {
      return { reason: 'never_ends', queue, messageId: message.message_id, attempts: message.receives };
    }
    if (message.message_id === this.#copyOf) await this.#beforeCopy();
    else if (message.receives > 0 && this.#options.unhurried) await this.#world.pass(LEASE_MS, this.#options.signal);
    const faults: number[] = [];
    for (const fault of own?.faults ?? []) {
      faults.push(await this.#world.addFault({ ...fault, message: message.message_id }));
    }
    const batch = this.#options.together === true ? ready.filter((each) => each.queue === queue) : [next];
    const stuck = await this.#deliver(batch, own, followers, faults);
    if (faults.length > 0) await this.#endFaults(faults);
    return stuck;
  }

  /** Messages of one group of a FIFO queue keep their order. */
  #maySwap(one: Waiting, other: Waiting): boolean {
    return !this.#isFifo(one) && !this.#isFifo(other) && other.message.message_id !== one.message.message_id;
  }

  async #beforeCopy(): Promise<void> {
    const { disturbance, consumers, mask } = this.#options;
    this.#copyOf = undefined;
    if (disturbance?.again === 'late') await this.#world.advance(LATE_MS);
    if (disturbance?.again === 'older' && mask !== undefined) await makeOlder(this.#world, mask, LATE_MS);
    if (disturbance?.again === 'anew') {
      await consumers?.stop();
      await consumers?.start();
    }
  }

  async #endFaults(ids: readonly number[]): Promise<void> {
    const struck = await this.#world.faults();
    if ((struck.get(ids[0]!) ?? 0) > 0) this.outcome = 'done';
    for (const id of ids) await this.#world.removeFault(id);
  }

  async #deliver(
    batch: readonly Waiting[],
    own: Disturbance | undefined,
    followers: readonly Waiting[],
    faults: readonly number[],
  ): Promise<Stuck | undefined> {
    const { calls } = this.#world;
    const { queue, message } = batch[0]!;
    const { message_id: messageId, body } = message;
    const after = (await calls.page({ last: true, limit: 1 })).next;
    const receivers = await allReceiversAt(this.#world, queue, after, this.#options);
    if (receivers === undefined) return { reason: 'not_received', queue, messageId };
    if (own?.again === 'resent') {
      this.copyId = await this.#world.copy(queue, messageId, { fresh: true, body: sentAgain(body) });
      this.outcome = 'done';
    }
    if (own?.hands?.why === 'copy') await this.#world.copy(queue, messageId, { fresh: false });
    const pause = own?.hands?.fault ?? own?.kill;
    const paused = pause && (await this.#world.addFault({ ...pause, message: messageId, pause: true }));
    const isAgain = own?.again !== undefined && own.again !== 'resent';
    const { consumers } = this.#options;
    const handledOf = (id: string) => consumers?.handled(id) ?? 0;
    const handled = new Map(batch.map(({ message: { message_id: id } }) => [id, handledOf(id)]));
    const ids = batch.map((each) => each.message.message_id);
    await this.#world.release(queue, ids, isAgain);
    const found = await pickUp(this.#world, { queue, messageId, after }, this.#options);
    if (found.received === undefined) {
      // Received too often already: the receive moved it to the dead letters instead.
      if (found.deadLettered) return undefined;
      return { reason: 'not_received', queue, messageId };
    }
    const { caller, together } = found.received;
    const told = together.map((id) => consumers?.untilHandled(caller, id, handled.get(id) ?? 0));
    const held: InHand = {
      ...{ queue, messageId, caller, receivers, after: found.next, handled: handled.get(messageId) ?? 0 },
      told: told[0] && Promise.all(told),
    };
    if (paused !== undefined) {
      const next = own?.hands?.why === 'other' ? followers.find((each) => each.queue === queue) : undefined;
      const other = next && { queue, messageId: next.message.message_id };
      const act = own?.kill === undefined ? inTwoHands : killed;
      this.outcome = await act(
        this.#world,
        held,
        { id: paused, ...own?.hands, ...(other !== undefined && { other }) },
        this.#options,
      );
      await this.#world.removeFault(paused);
    }
    const cutBy = own?.faults?.some(({ cut }) => cut === true) === true ? faults[0] : undefined;
    const isDone = await untilOver(this.#world, held, this.#options, cutBy);
    this.#options.signal.throwIfAborted();
    consumers?.progressed();
    const made = (await calls.page({ after, limit: 10_000, message: messageId })).calls;
    const { habits } = this.#options;
    const ownCalls = made.filter((call) => !isAsking(call) && call.deliveries.length > 0 && !isApart(call, habits));
    const end = endOf(ownCalls, messageId);
    if (isAgain && end === 'deleted') {
      this.#copyOf = messageId;
      this.outcome = 'done';
    }
    this.deliveries.push({
      ...{ queue, messageId, body, attempt: found.received.attempt, caller: held.caller, end },
      calls: logical(ownCalls),
      followers: followers.map((each) => each.queue),
      together: together.length,
      fifo: this.#queues.get(queue)?.fifo === true,
    });
    return isDone || end !== 'unanswered'
      ? undefined
      : { reason: 'not_finished', queue, messageId, caller: held.caller };
  }
}
