import { schemaFault } from '../config/check.ts';
import { MEMBERS } from '../config/schema.ts';
import { nextUuid } from '../emulator/core/random.ts';
import type { SqsState } from '../emulator/sqs/index.ts';
import type { RandomState } from '../hash.ts';
import { consumersOf, type FunctionConsumer } from '../lab/consumers/consumer.ts';
import { LabError } from './error.ts';
import { type LabPolledQueue, labPolledQueue } from './polled-queue.ts';
import type { Workshop } from './settle.ts';
import type { ConsumeOptions, LabConsumer } from './types/consumers.ts';

export interface ConsumerPlace extends Workshop {
  consumers: Set<string>;
  /** For traces and request ids, apart from the engine's. */
  random: RandomState;
  thrown(consumer: string, error: unknown): void;
  /** Told which messages a filter let nobody handle. */
  filtered(messages: readonly string[]): void;
  /** Told which messages a consumer is done with, whatever came of them. */
  handled(messages: readonly string[]): void;
}

/** What is known of a consumer, and what it notes down. */
export interface Attached {
  name: string;
  queue: { name: string; arn: string; visibilitySeconds: number };
  errors: unknown[];
  throws(error: unknown): void;
}

/** A consumer at work in one world, until it is stopped or another world takes its place. */
export interface Session {
  polled: LabPolledQueue;
  /** Ends polling. */
  signal: AbortSignal;
  /** Whether the world is gone that its messages are of. */
  isOver(): boolean;
}

export function attach(place: ConsumerPlace, queue: string, wanted: string | undefined): Attached {
  const { queues } = place.lab.state<SqsState>('sqs');
  const found = queues.get(queue);
  if (found === undefined) {
    const there = [...queues.keys()].join(', ');
    throw new LabError(`there is no queue ${queue}; there ${there === '' ? 'is none' : `are ${there}`}`);
  }
  const name = freeName(wanted ?? queue.replace(/\.fifo$/, ''), place.consumers);
  place.consumers.add(name);
  const errors: unknown[] = [];
  const { arn, settings } = found;
  return {
    ...{ name, errors, queue: { name: queue, arn, visibilitySeconds: settings.visibilityTimeout / 1000 } },
    throws(error) {
      errors.push(error);
      place.thrown(name, error);
    },
  };
}

/** X-Ray Developer Guide, "Tracing header": the root begins with the time in seconds. */
export function newTrace({ time, random }: ConsumerPlace): string {
  const seconds = Math.floor(time.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  const hex = (digits: number) => nextUuid(random).replaceAll('-', '').slice(0, digits);
  return `Root=1-${seconds}-${hex(24)};Parent=${hex(16)};Sampled=0`;
}

/** As AWS_SDK_UA_APP_ID takes it. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^(?![A-Za-z])/, 'q')
    .slice(0, 46);
  let name = base;
  for (let next = 2; taken.has(name); next++) name = `${base}-${next}`;
  return name;
}

/** Checks a mapping's settings as those of a configuration are. */
export function checkedSettings(name: string, queue: string, options: ConsumeOptions): FunctionConsumer {
  const { name: _, ...settings } = options;
  const consumers = { [name]: { ...settings, queue, handler: 'index.handler' } };
  const refuse = (_path: unknown, why: string) => new LabError(why.replace(/^consumers\./, 'the consumer '));
  const fault = schemaFault(MEMBERS.consumers!, consumers, ['consumers']);
  if (fault !== undefined) throw refuse(fault.path, fault.why);
  return consumersOf(consumers, '.', refuse)[0] as FunctionConsumer;
}

/** A consumer that a test holds, and that the lab starts anew in each world. */
export interface RunningConsumer extends LabConsumer {
  /** Leaves everything that it has in hand, and begins anew, as often as it ran. */
  restart(): void;
  /** Runs it twice, so that a message can be in two hands. */
  double(): void;
  /** Leaves the second. */
  single(): void;
}

/** Runs `loop`, which ends when it was stopped and has nothing in hand. */
export function runConsumer(
  place: ConsumerPlace,
  attached: Attached,
  loop: (session: Session) => Promise<void>,
): RunningConsumer {
  const { name, errors, queue } = attached;
  const begin = () => {
    const stopped = new AbortController();
    let over = false;
    const isOver = () => over;
    const polled = labPolledQueue(place, queue, name, isOver);
    const ended = loop({ polled, signal: stopped.signal, isOver });
    return {
      ended,
      stop: () => stopped.abort(),
      leave() {
        over = true;
        stopped.abort();
      },
    };
  };
  let works = [begin()];
  let stopped = false;
  return {
    ...{ name, errors },
    restart() {
      for (const work of works) work.leave();
      if (!stopped) works = works.map(begin);
    },
    double() {
      if (!stopped && works.length === 1) works.push(begin());
    },
    single() {
      for (const work of works.splice(1)) work.leave();
    },
    async stop() {
      stopped = true;
      for (const work of works) work.stop();
      await Promise.all(works.map(({ ended }) => ended));
      place.consumers.delete(name);
    },
  };
}
