import { CliffracerError } from '../errors.ts';
import { type FeedFact, followEngine } from '../lab/watch/feed.ts';
import { WatchedSystem } from '../lab/watch/model.ts';
import type { WatchedEngine } from '../lab/watch/port.ts';
import type { ViewContext } from '../views/context.ts';
import { effectText } from '../views/effects.ts';
import { readList, type ShopNames } from './lists.ts';
import { press } from './press.ts';
import { isLocal, type ReadSubject, readSubject } from './read.ts';
import { mostTop, render, type Size, type State } from './render.ts';
import { perform } from './requests.ts';
import { subjectOf } from './rows.ts';
import { type Request, START, sameSubject } from './ui.ts';

/** Calls before, with which the lists begin. */
const BEFORE = 300;
const TICK_MS = 1_000;
const FRAME_MS = 200;

/** The terminal, as far as a session draws on it. */
export interface Display {
  readonly size: Size;
  open(): void;
  close(): void;
  draw(lines: readonly string[]): void;
  forget(): void;
  suspend(): void;
}

export interface SessionOptions {
  engine: WatchedEngine;
  endpoint: string;
  shop: ShopNames;
  /** Colours; width and time are those of the screen and of the engine. */
  context: ViewContext;
  signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  elapsed(): number;
}

/** One person at the screen: takes keys and what the engine tells, reads what is looked at, and draws. */
export class Session {
  readonly #options: SessionOptions;
  readonly #display: Display;
  readonly #end = new AbortController();
  readonly #state: State;
  /** When the engine's clock was told, in real time. */
  #toldAt = 0;
  #seenBefore = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** Whether a frame is about to be drawn. */
  #isDue = false;
  #reading: ReadSubject | undefined;
  /** Calls that were known when the right pane and the list were read. */
  #readAt = { subject: -1, list: -1 };

  constructor(options: SessionOptions, display: (session: Session) => Display) {
    this.#options = options;
    this.#display = display(this);
    const seen = { system: new WatchedSystem(effectText) };
    this.#state = { seen, ui: START, endpoint: options.endpoint, isLost: false, rate: 0 };
  }

  /** Resolves when the person leaves, or on the signal. Rejects as `followEngine` does. */
  async run(): Promise<void> {
    const { engine, signal, sleep, elapsed } = this.#options;
    const ended = AbortSignal.any([signal, this.#end.signal]);
    let isOpen = false;
    try {
      for await (const fact of followEngine(engine, { last: BEFORE, state: true, signal: ended, sleep, elapsed })) {
        this.#hear(fact);
        if (!isOpen) {
          isOpen = true;
          this.#display.open();
          void this.#tick(ended);
        }
        this.#drawSoon();
      }
    } finally {
      this.#end.abort();
      if (isOpen) this.#display.close();
    }
  }

  end(): void {
    this.#end.abort();
  }

  key(key: string): void {
    const { seen, ui } = this.#state;
    const step = press(key, seen, ui, mostTop(this.#state, this.#display.size, this.#context()));
    this.#state.ui = step.ui;
    for (const request of step.requests) void this.#perform(request);
    this.#refresh(ui.list !== step.ui.list);
    this.draw();
  }

  draw(): void {
    this.#drawnAt = this.#options.elapsed();
    this.#display.draw(render(this.#state, this.#display.size, this.#context()));
  }

  /** What the engine tells is drawn five times a second at the most. */
  #drawSoon(): void {
    const { elapsed, sleep } = this.#options;
    const rest = this.#drawnAt + FRAME_MS - elapsed();
    if (this.#isDue) return;
    if (rest <= 0) {
      this.draw();
      return;
    }
    this.#isDue = true;
    void sleep(rest, this.#end.signal).then(() => {
      this.#isDue = false;
      this.draw();
    });
  }

  #context(): ViewContext {
    const { clock } = this.#state.seen.system;
    const passed = clock === undefined || clock.frozen ? 0 : this.#options.elapsed() - this.#toldAt;
    return { ...this.#options.context, now: (clock?.now_ms ?? this.#options.context.now) + passed };
  }

  #hear(fact: FeedFact): void {
    const { system } = this.#state.seen;
    this.#state.isLost = fact.kind === 'lost';
    switch (fact.kind) {
      case 'calls':
        // Those before are not of this second.
        if (system.seen === 0) this.#seenBefore = fact.calls.length;
        system.add(fact.calls);
        system.dropped += fact.dropped;
        break;
      case 'state':
        system.setQueues(fact.queues);
        if (fact.clock !== undefined) {
          system.clock = fact.clock;
          this.#toldAt = this.#options.elapsed();
        }
        if (fact.topics !== undefined) system.topics = fact.topics;
        break;
      case 'replaced':
        system.replaced(fact.calls);
        break;
      case 'restarted':
        system.forget();
        break;
      case 'lost':
    }
  }

  /** What changes with time alone, and what is read anew when something was called. */
  async #tick(ended: AbortSignal): Promise<void> {
    const { system } = this.#state.seen;
    while (!ended.aborted) {
      system.tick();
      this.#state.rate = system.seen - this.#seenBefore;
      this.#seenBefore = system.seen;
      this.#refresh(false);
      this.draw();
      await this.#options.sleep(TICK_MS, ended);
    }
  }

  /** Reads what the right pane and the list show, when it is another thing or may have changed. */
  #refresh(isAnotherList: boolean): void {
    const { seen, ui, shown, isLost } = this.#state;
    if (isLost) return;
    const calls = seen.system.seen;
    if (isAnotherList || this.#readAt.list !== calls) {
      this.#readAt.list = calls;
      void this.#readList();
    }
    const subject = subjectOf(seen, ui);
    if (subject === undefined || isLocal(subject)) return;
    const isNew = !sameSubject(shown?.subject, subject);
    if (!isNew && (shown?.settled || this.#readAt.subject === calls)) return;
    if (sameSubject(this.#reading, subject)) return;
    this.#readAt.subject = calls;
    void this.#read(subject);
  }

  async #read(subject: ReadSubject): Promise<void> {
    this.#reading = subject;
    try {
      const shown = await readSubject(this.#options.engine, subject);
      // Something else may be looked at by now.
      if (!sameSubject(this.#reading, subject)) return;
      this.#state.shown = shown;
      this.#state.failed = undefined;
    } catch (error) {
      this.#state.failed = messageOf(error);
    } finally {
      if (sameSubject(this.#reading, subject)) this.#reading = undefined;
    }
    this.draw();
  }

  async #readList(): Promise<void> {
    const { list } = this.#state.ui;
    try {
      this.#state.seen.entries = await readList(this.#options.engine, list, this.#options.shop);
      this.draw();
    } catch (error) {
      this.#say(messageOf(error), 'red');
    }
  }

  async #perform(request: Request): Promise<void> {
    switch (request.kind) {
      case 'quit':
        return this.end();
      case 'suspend':
        return this.#display.suspend();
      case 'redraw':
        this.#display.forget();
        return this.draw();
      default:
    }
    try {
      const { notice, pinned } = await perform(this.#options.engine, request, this.#state.seen.system);
      if (pinned !== undefined) this.#state.ui = { ...this.#state.ui, pinned, top: 0 };
      this.#say(notice, 'green');
      this.#refresh(false);
    } catch (error) {
      this.#say(messageOf(error), 'red');
    }
  }

  #say(text: string, tone: 'green' | 'red'): void {
    this.#state.ui = { ...this.#state.ui, notice: { text, tone } };
    this.draw();
  }
}

const messageOf = (error: unknown) => (error instanceof CliffracerError ? error.message : String(error));
