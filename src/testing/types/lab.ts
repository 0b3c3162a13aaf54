import type { Config, TemplateTopology } from '../../config/types.ts';
import type { EngineRequestHandler } from '../../emulator/types/engine.ts';
import type { LabCheckOptions, LabVerdict } from './check.ts';
import type {
  ConsumeOptions,
  LabConsumer,
  LambdaHandler,
  SqsConsumerHandlers,
  SqsConsumerOptions,
} from './consumers.ts';
import type {
  LabBucket,
  LabLogEvent,
  LabMetric,
  LabQueue,
  LabTable,
  LabTopic,
  PublishOptions,
  SendOptions,
} from './resources.ts';
import type { Duration, SettleOptions } from './settle.ts';

export interface LabOptions {
  /** Of ids, the order of delivery and faults (default 1): the same seed gives the same run. */
  seed?: number;
  /** `virtual` (default): time stands, and is turned by `settled()` and `clock.advance()`. `real`: it runs. */
  clock?: 'virtual' | 'real';
  /** Where a virtual clock begins (default: the present). Consumers read their own clock, not this one. */
  startsAt?: Date | string | number;
  /** Standard queues deliver in order and once (default), or as AWS may: out of order, and now and then twice. */
  delivery?: 'in-order' | 'aws';
  /** Default us-east-1. */
  region?: string;
  /** A configuration as of `cliffracer.config.json`; its `topology` is made. */
  config?: LabConfig;
  /** Where files of the configuration lie (default: the working directory). */
  folder?: string;
}

/** A configuration whose templates may stand in place, as objects. */
export interface LabConfig extends Omit<Config, 'topology'> {
  topology?: Config['topology'] | LabTopology;
}

export interface LabTopology extends Omit<TemplateTopology, 'template'> {
  /** Files, or templates as objects; made in this order. */
  template: string | object | (string | object)[];
}

/** Settings for a client of the SDK that calls the lab without a socket: `new SQSClient(lab.client)`. */
export interface LabClient {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  requestHandler: EngineRequestHandler;
}

export interface LabClock {
  /** Engine time. */
  now(): Date;
  /**
   * Moves the clock ahead, and resolves when what became due has been handled, as far as it can be at that time. Handlers at
   * work are waited for, as long as something happens within `patience` (default 2 s).
   */
  advance(by: Duration, options?: Pick<SettleOptions, 'patience'>): Promise<void>;
}

export interface LabFault {
  id: number;
  rule: string;
  /** How often it has struck. */
  struck: number;
}

export interface LabFaults {
  /** Adds a rule as `cliffracer fault add` takes it: `sqs:DeleteMessage drop 1`, `dynamodb throttle 5%`. */
  add(rule: string): LabFault;
  list(): LabFault[];
  clear(): void;
  /** Throws when a rule has never struck: a test that meant to disturb something did not. */
  assertStruck(): void;
}

/** A state of the lab to go back to. */
export interface LabSnapshot {
  readonly name: string;
}

/** What changed from one state to another, as `cliffracer snapshot diff` tells it. */
export interface LabDifference {
  service: string;
  /** `tables[orders].items[o-1].state.S` */
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** In short, as JSON; null where there is nothing. */
  before: string | null;
  after: string | null;
}

/** An engine of its own in this process: a world with nothing in it but what the test makes. */
export interface Lab {
  readonly region: string;
  readonly client: LabClient;
  readonly requestHandler: EngineRequestHandler;
  /** Address of the engine; a loopback port is opened at the first use. */
  endpoint(): Promise<string>;
  /** Environment variables that point the AWS SDKs and CLI of another process at the engine, as the consumer `name`. */
  env(name?: string): Promise<Record<string, string>>;

  /** Publishes on a topic; a body that is no text is sent as JSON. Faults do not strike it. */
  publish(topic: string, body: unknown, options?: PublishOptions): Promise<{ messageId: string }>;
  /** Sends to a queue; a body that is no text is sent as JSON. Faults do not strike it. */
  send(queue: string, body: unknown, options?: SendOptions): Promise<{ messageId: string }>;
  /** Calls a Lambda handler by the rules of an event source mapping. */
  consume(queue: string, handler: LambdaHandler, options?: ConsumeOptions): LabConsumer;
  /** Polls as sqs-consumer does. */
  consume(queue: string, handlers: SqsConsumerHandlers, options?: SqsConsumerOptions): LabConsumer;
  /**
   * Resolves when all queues but those for dead letters are empty, nobody has a message in hand, and no handler is at work.
   * Turns the clock over visibility timeouts, delays and batching windows. Rejects with what is still open when it gives up.
   */
  settled(options?: SettleOptions): Promise<void>;

  queue(name: string): LabQueue;
  topic(name: string): LabTopic;
  table(name: string): LabTable;
  bucket(name: string): LabBucket;
  /** All samples of a metric, those with these dimensions (among others) alone. */
  metric(namespace: string, name: string, dimensions?: Record<string, string>): LabMetric;
  /** Events of a log group, oldest first. */
  logs(group: string, stream?: string): LabLogEvent[];

  readonly clock: LabClock;
  readonly faults: LabFaults;
  /**
   * Runs the lab's consumers over what `scenario` sends, undisturbed and then once for each disturbance that `cliffracer check`
   * knows, always from the present state; rejects with the counterexamples. Afterwards all is as before.
   */
  check(scenario: () => unknown, options?: LabCheckOptions): Promise<LabVerdict>;
  snapshot(): LabSnapshot;
  /** Goes back: resources, messages, clock and faults are as they were, the past is empty; handlers at work are given up. */
  restore(snapshot: LabSnapshot): void;
  /** What changed since a snapshot, or from it to another one. */
  diff(from: LabSnapshot, to?: LabSnapshot): LabDifference[];

  /** The recent calls and the depth of every queue, as failures show them. */
  report(): string;
  /** Ends all consumers and closes the port. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
