import { CliffracerError } from '../../errors.ts';
import { type Child, startChild } from '../consumers/child.ts';
import type { Consumer, FunctionConsumer, PollingConsumer } from '../consumers/consumer.ts';
import { consumerEnvironment } from '../consumers/environment.ts';
import type { ConsumerFact } from '../consumers/facts.ts';
import { runHandler } from '../consumers/handler.ts';
import type { ConsumerWorld, Running } from '../consumers/running.ts';
import type { CheckedConsumers } from './consumers.ts';
import { Ends } from './ends.ts';

export interface ProcessOptions extends Omit<ConsumerWorld, 'tell'> {
  /** Runs between the end of a process and its next start. */
  beforeRestart(): Promise<void>;
}

/** Time between the request to end and the end: what a consumer does meanwhile is put back anyhow. */
const GRACE_MS = 300;
const PAUSE_MS = 50;
/** Failures in a row without any progress. */
const MOST_FAILURES = 10;
const LAST_LINES = 6;

/** Consumers that run as processes: programs that poll, each started again whenever it ends, and Lambda handlers. */
export class ProcessConsumers implements CheckedConsumers {
  readonly forget = true;
  readonly failed: Promise<never>;
  readonly #consumers: readonly Consumer[];
  readonly #options: ProcessOptions;
  readonly #running = new Map<string, Supervised[]>();
  readonly #handlers = new Map<string, Running>();
  readonly #ends = new Ends();
  readonly #lines: string[] = [];
  #fail: (error: unknown) => void = () => {};

  constructor(consumers: readonly Consumer[], options: ProcessOptions) {
    this.#consumers = consumers;
    this.#options = options;
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async start(): Promise<void> {
    for (const consumer of this.#consumers) {
      if (consumer.kind === 'handler') await this.#startHandler(consumer);
      else await this.#startCommand(consumer);
    }
  }

  async stop(): Promise<void> {
    const commands = [...this.#running.values()].flat();
    const handlers = [...this.#handlers.values()];
    this.#running.clear();
    this.#handlers.clear();
    for (const each of handlers) each.stop();
    await Promise.all([...commands.map((each) => each.stop()), ...handlers.map((each) => this.#ended(each))]);
  }

  async kill(caller: string): Promise<boolean> {
    const consumer = this.#consumerOf(caller);
    if (consumer === undefined) return false;
    this.#handlers.get(consumer.name)?.kill();
    await Promise.all((this.#running.get(consumer.name) ?? []).map((each) => each.kill()));
    return true;
  }

  async double(caller: string): Promise<boolean> {
    const consumer = this.#consumerOf(caller);
    if (consumer?.kind !== 'command') return false;
    if (this.#running.get(consumer.name)?.length === 1) await this.#startCommand(consumer);
    return true;
  }

  async single(): Promise<void> {
    for (const [name, [first, ...others]] of this.#running) {
      this.#running.set(name, [first!]);
      await Promise.all(others.map((each) => each.stop()));
    }
  }

  progressed(): void {
    for (const each of [...this.#running.values()].flat()) each.failures = 0;
  }

  /** For a program that ends at once. */
  killAll(): void {
    for (const each of [...this.#running.values()].flat()) void each.kill();
    for (const each of this.#handlers.values()) each.kill();
  }

  lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Frames of a stack would hide what it is about. */
  #say(text: string): void {
    if (text.trim() === '' || /^\s+at /.test(text) || this.#lines.at(-1) === text) return;
    this.#lines.push(text);
    if (this.#lines.length > LAST_LINES) this.#lines.shift();
  }

  #tell(fact: ConsumerFact): void {
    if (fact.kind === 'line') this.#say(fact.text);
    else if ((fact.kind === 'failed' || fact.kind === 'invoked') && fact.error !== undefined)
      this.#say(`${fact.error.type}: ${fact.error.message}`);
  }

  handled(messageId: string): number {
    return this.#ends.count(messageId);
  }

  untilHandled(caller: string, messageId: string, above: number): Promise<void> | undefined {
    return this.#handlers.has(caller) ? this.#ends.until(messageId, above) : undefined;
  }

  /** A program may give its parts names of their own: where there is no other, it is the one. */
  #consumerOf(caller: string): Consumer | undefined {
    const [only, ...others] = this.#consumers;
    return this.#consumers.find(({ name }) => name === caller) ?? (others.length === 0 ? only : undefined);
  }

  async #startHandler(consumer: FunctionConsumer): Promise<void> {
    const settled = (messages: readonly string[]) => this.#ends.note(messages);
    this.#handlers.set(
      consumer.name,
      await runHandler(consumer, { ...this.#options, tell: (fact) => this.#tell(fact), settled }),
    );
  }

  async #startCommand(consumer: PollingConsumer): Promise<void> {
    const supervised = new Supervised(consumer, this.#options, this.#fail, (text) => this.#say(text));
    this.#running.set(consumer.name, [...(this.#running.get(consumer.name) ?? []), supervised]);
    await supervised.start();
  }

  async #ended(running: Running): Promise<void> {
    const { clock } = this.#options;
    const over = new AbortController();
    const ended = running.ended.finally(() => over.abort());
    await Promise.race([ended, clock.sleep(GRACE_MS, over.signal)]);
    running.kill();
    await ended;
  }
}

/** A program that is started again whenever it ends, as a supervisor does. */
class Supervised {
  failures = 0;
  readonly #consumer: PollingConsumer;
  readonly #options: ProcessOptions;
  readonly #fail: (error: unknown) => void;
  readonly #say: (text: string) => void;
  readonly #stopped = new AbortController();
  #child: Child | undefined;
  #lastLine = '';
  /** Resolves when nothing of it runs any more. */
  #done: Promise<void> = Promise.resolve();

  constructor(
    consumer: PollingConsumer,
    options: ProcessOptions,
    fail: (error: unknown) => void,
    say: (text: string) => void,
  ) {
    this.#consumer = consumer;
    this.#options = options;
    this.#fail = fail;
    this.#say = say;
  }

  /** Rejects with `consumer_failed` when there is no such program. */
  async start(): Promise<void> {
    this.#child = await this.#launch();
    this.#done = this.#keepRunning(this.#child).catch((error: unknown) => this.#fail(error));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    child?.signal('SIGKILL');
    await child?.exited;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    const over = new AbortController();
    this.#child?.signal('SIGTERM');
    this.#child?.signal('SIGCONT');
    const done = this.#done.finally(() => over.abort());
    await Promise.race([done, this.#options.clock.sleep(GRACE_MS, over.signal)]);
    this.#child?.signal('SIGKILL');
    await done;
  }

  #launch(): Promise<Child> {
    const { name, command, directory, env: own } = this.#consumer;
    const { place, kill, clock, env } = this.#options;
    const onLine = (_stream: string, text: string) => {
      if (text.trim() !== '') this.#lastLine = text;
      this.#say(text);
    };
    const variables = consumerEnvironment(env, place, name, own);
    return startChild({ consumer: name, command, directory, env: variables, kill, clock, onLine });
  }

  async #keepRunning(first: Child): Promise<void> {
    const { beforeRestart, clock } = this.#options;
    for (let child = first; ; ) {
      const reason = await child.exited;
      this.#child = undefined;
      if (this.#stopped.signal.aborted) return;
      if (reason !== 'exit status 0' && ++this.failures >= MOST_FAILURES) {
        const { name } = this.#consumer;
        throw new CliffracerError('not_settled', `${name} ends again and again, ${reason}: ${this.#lastLine}`, {
          hint: 'run it by itself: cliffracer exec -- COMMAND',
        });
      }
      await beforeRestart();
      await clock.sleep(PAUSE_MS, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      child = await this.#launch();
      this.#child = child;
    }
  }
}
