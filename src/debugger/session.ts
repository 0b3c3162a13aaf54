import { CliffracerError } from '../errors.ts';
import { type Breakpoint, stopsAfter, stopsBefore } from './breakpoint.ts';
import type { Action, Controller, Stop } from './controller.ts';
import type { DebugEnd, DebugFact, DebugSummary, DeliveredFact } from './facts.ts';
import type { Conversation, Debuggee, HowToDeliver, ShownMessage, WaitingMessage } from './model.ts';
import type { SessionOptions } from './session-options.ts';
import { UndoStack } from './undo-stack.ts';

/** `ask` stops at each message, `continue` and `run` at breakpoints; `run` delivers one conversation. */
type Mode = { kind: 'ask' | 'continue' } | { kind: 'run'; conversation: Conversation };

/** One session: what comes next, and what is done with it. */
export class Session {
  readonly tally: Pick<DebugSummary, 'handled' | 'failed' | 'left' | 'dead_lettered' | 'undone'> = {
    ...{ handled: 0, failed: 0, left: 0, dead_lettered: 0, undone: 0 },
  };
  readonly undoable: UndoStack;
  readonly #debuggee: Debuggee;
  readonly #controller: Controller;
  readonly #options: SessionOptions;
  #breakpoints: readonly Breakpoint[];
  #until: SessionOptions['until'];
  #mode: Mode;
  #left = new Set<string>();
  /** Comes next, if it still waits: the message of what was undone. */
  #preferred: string | undefined;
  #delivered = 0;
  #stops = 0;

  constructor(debuggee: Debuggee, controller: Controller, options: SessionOptions) {
    this.#debuggee = debuggee;
    this.#controller = controller;
    this.#options = options;
    this.#breakpoints = options.breakpoints;
    this.#until = options.until;
    this.#mode = this.#start();
    this.undoable = new UndoStack(debuggee);
  }

  /** With breakpoints a session runs to the first of them, and on from one to the next. */
  #start(): Mode {
    return { kind: this.#breakpoints.length > 0 || this.#until !== undefined ? 'continue' : 'ask' };
  }

  async *run(): AsyncGenerator<DebugFact, DebugEnd, undefined> {
    const { held } = await this.#debuggee.open();
    yield { kind: 'opened', held, queues: await this.#debuggee.depths() };
    for (;;) {
      if (this.#options.signal.aborted) return 'interrupted';
      if (this.#delivered >= (this.#options.max ?? Number.POSITIVE_INFINITY)) return 'max';
      const message = await this.#next();
      const end = message === undefined ? yield* this.#nothing() : yield* this.#at(message);
      if (end !== undefined) return end;
    }
  }

  async #next(): Promise<WaitingMessage | undefined> {
    const preferred = this.#preferred;
    this.#preferred = undefined;
    if (preferred !== undefined) {
      const found = await this.#debuggee.next(({ message_id }) => message_id === preferred);
      if (found !== undefined) return found;
    }
    const { conversation } = this.#mode as { conversation?: Conversation };
    return this.#debuggee.next(
      (message) => !this.#left.has(message.message_id) && (conversation?.has(message) ?? true),
    );
  }

  async *#nothing(): AsyncGenerator<DebugFact, DebugEnd | undefined, undefined> {
    if (this.#mode.kind === 'run') {
      yield { kind: 'conversation_ended', conversation: this.#mode.conversation.name };
      this.#mode = this.#start();
      return undefined;
    }
    if (this.#controller.idle === undefined) return 'empty';
    const chosen = await this.#controller.idle({
      left: this.#left.size,
      canUndo: !this.undoable.isEmpty,
      isFirst: this.#stops++ === 0,
      arrival: (signal) => this.#debuggee.arrival(signal),
    });
    if (chosen === 'again') this.#left.clear();
    if (chosen === 'undo') yield* this.#undo();
    return chosen === 'quit' ? 'quit' : undefined;
  }

  async *#at(message: WaitingMessage): AsyncGenerator<DebugFact, DebugEnd | undefined, undefined> {
    for (;;) {
      const shown = await this.#stopAt(message);
      if (shown === 'ended') return 'until';
      if (shown === undefined) return yield* this.#deliver(message, {}, null);
      const action = await this.#controller.decide(shown);
      if (action.kind === 'break') {
        this.#breakpoints = action.breakpoints;
        continue;
      }
      const end = yield* this.#perform(action, message, shown.message);
      if (!this.#options.asks && action.kind !== 'run') this.#mode = this.#start();
      return end;
    }
  }

  /** Undefined: it is delivered without a stop. */
  async #stopAt(message: WaitingMessage): Promise<Stop | 'ended' | undefined> {
    const service = this.#debuggee.serviceOf(message);
    const reasons = this.#breakpoints.filter((each) => stopsBefore(each, message, service)).map(({ text }) => text);
    if (this.#until !== undefined && stopsBefore(this.#until.breakpoint, message, service)) {
      if (this.#until.ends) return 'ended';
      reasons.push(this.#until.breakpoint.text);
      this.#until = undefined;
    }
    if (this.#mode.kind !== 'ask' && reasons.length === 0) return undefined;
    this.#mode = { kind: 'ask' };
    const abilities = new Set(this.#debuggee.abilities);
    if (this.undoable.isEmpty) abilities.delete('undo');
    return {
      ...{ message: await this.#debuggee.show(message, false), reasons, breakpoints: this.#breakpoints, abilities },
      deadLetterQueue: this.#debuggee.deadLetterQueue(message),
      belongings: this.#debuggee.belongings,
      isFirst: this.#stops++ === 0,
    };
  }

  async *#perform(
    action: Exclude<Action, { kind: 'break' }>,
    message: WaitingMessage,
    shown: ShownMessage,
  ): AsyncGenerator<DebugFact, DebugEnd | undefined, undefined> {
    const { queue, message_id } = message;
    switch (action.kind) {
      case 'quit':
        return 'quit';
      case 'undo':
        return void (yield* this.#undo());
      case 'leave':
        this.#left.add(message_id);
        this.#debuggee.leave(message);
        this.tally.left++;
        yield { kind: 'left', queue, message_id };
        return undefined;
      case 'dead_letter': {
        await this.#remember(message);
        const dead_letter_queue = this.#debuggee.deadLetterQueue(message)!;
        await this.#debuggee.deadLetter(message);
        this.tally.dead_lettered++;
        yield { kind: 'dead_lettered', queue, message_id, dead_letter_queue, queues: await this.#debuggee.depths() };
        return undefined;
      }
      case 'run':
      case 'continue': {
        await this.#remember(message);
        this.#mode =
          action.kind === 'continue'
            ? { kind: 'continue' }
            : { kind: 'run', conversation: await this.#debuggee.conversation(message) };
        return yield* this.#deliver(message, action, shown);
      }
      case 'deliver':
        await this.#remember(message, action.undo);
        return yield* this.#deliver(message, action, shown);
    }
  }

  /** What is done now can be undone, where somebody may come to say so. */
  async #remember(message: WaitingMessage, undo = false): Promise<void> {
    if ((this.#options.asks || undo) && this.#debuggee.abilities.has('undo'))
      await this.undoable.push({ message, left: new Set(this.#left) });
  }

  async *#deliver(
    message: WaitingMessage,
    action: HowToDeliver & { undo?: boolean },
    before: ShownMessage | null,
  ): AsyncGenerator<DebugFact, DebugEnd | undefined, undefined> {
    const { queue, message_id, attempt } = message;
    const { undo = false, twice = false } = action;
    let delivered: Awaited<ReturnType<Debuggee['deliver']>>;
    try {
      delivered = await this.#debuggee.deliver(message, action, this.#options.signal);
    } catch (error) {
      if (!(error instanceof CliffracerError) || error.code !== 'not_settled') throw error;
      yield { kind: 'not_taken', queue, message_id, message: error.message, hint: textOf(error.hint) };
      this.#mode = { kind: 'ask' };
      return this.#options.asks ? undefined : 'not_taken';
    }
    this.#delivered++;
    this.#count(delivered.deliveries);
    const hit = (each: Breakpoint) => stopsAfter(each, message, delivered.deliveries);
    const breakpoints = this.#breakpoints.filter(hit).map(({ text }) => text);
    if (breakpoints.length > 0 && this.#options.asks) this.#mode = { kind: 'ask' };
    if (this.#mode.kind === 'run') this.#mode.conversation.follow(delivered.deliveries);
    if (undo) {
      await this.undoable.undo();
      this.tally.undone++;
      this.#left.add(message_id);
    }
    const fact: DeliveredFact = {
      kind: 'step',
      queue,
      message_id,
      attempt,
      twice,
      before,
      ...delivered,
      breakpoints,
      undone: undo,
      queues: [],
    };
    yield { ...fact, queues: await this.#debuggee.depths() };
    if (this.#until === undefined || !hit(this.#until.breakpoint)) return undefined;
    if (this.#until.ends) return 'until';
    this.#until = undefined;
    this.#mode = { kind: 'ask' };
    return undefined;
  }

  #count(deliveries: DeliveredFact['deliveries']): void {
    for (const { outcome } of deliveries) {
      if (outcome === 'acknowledged') this.tally.handled++;
      else this.tally.failed++;
      if (outcome === 'dead_lettered') this.tally.dead_lettered++;
    }
  }

  async *#undo(): AsyncGenerator<DebugFact, void, undefined> {
    const { message, left } = await this.undoable.undo();
    this.#left = left;
    this.#preferred = message.message_id;
    this.#mode = { kind: 'ask' };
    this.tally.undone++;
    const { queue, message_id } = message;
    yield { kind: 'undone', queue, message_id, queues: await this.#debuggee.depths() };
  }
}

const textOf = (hint: CliffracerError['hint']): string | null => (typeof hint === 'string' ? hint : null);
