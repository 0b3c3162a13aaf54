/** A project's configuration: cliffracer.config.json, .mjs, .js or .ts. */
export interface Config {
  $schema?: string;
  /** `auto`, `embedded`, `localstack` ... */
  engine?: string;
  /** Container image of the engine. */
  image?: string;
  port?: number;
  endpoint_url?: string;
  region?: string;
  stack?: string;
  /** Seconds that the engine may take to start. */
  wait?: number;
  /** What `dev` provisions before consumers start: the shop's stack, templates, or nothing. */
  topology?: 'shop' | 'none' | TemplateTopology;
  /** Programs that receive from queues, by name. */
  consumers?: Record<string, CommandConsumer | HandlerConsumer>;
  /** What sets the system going in a check: messages, or a command that sends them. */
  scenario?: Scenario;
  /** A module whose exports must hold when the queues are empty. */
  invariants?: string;
  /** Where an id that belongs to one case stands in a message, such as `order.id`; the first that is there counts. */
  correlate?: string | string[];
}

/** CloudFormation, SAM or CDK templates, as `provision --template` takes them. */
export interface TemplateTopology {
  /** Files, from the configuration's folder; made in this order. */
  template: string | string[];
  parameters?: Record<string, string>;
  /** One for each template. */
  stackName?: string | string[];
  skipUnknown?: boolean;
}

/** A program that polls queues by itself. */
export interface CommandConsumer {
  command: string[];
  env?: Record<string, string>;
  /** Where it runs; from the configuration's folder. */
  directory?: string;
}

/** A Lambda handler, called by an event source mapping of the queue. */
export interface HandlerConsumer {
  /** `file.export`, as Lambda has it. */
  handler: string;
  /** Name of the queue. */
  queue: string;
  /** `nodejs` (default) is built in; `provided` is any other, started by `command`. */
  runtime?: 'nodejs' | 'provided';
  /** Starts the function's runtime client, such as ["python", "-m", "awslambdaric", "app.handler"]. */
  command?: string[];
  env?: Record<string, string>;
  /** LAMBDA_TASK_ROOT; from the configuration's folder. */
  directory?: string;
  /** 1 to 10000, FIFO 10 (default 10). */
  batchSize?: number;
  /** Seconds, 0 to 300 (default 0). */
  batchWindow?: number;
  reportBatchItemFailures?: boolean;
  /** As in CreateEventSourceMapping; a pattern may be an object instead of JSON in a string. */
  filterCriteria?: { Filters: { Pattern: string | object }[] };
  /** 2 to 1000 (default: five at a time). */
  maximumConcurrency?: number;
  /** Seconds that an invocation may take, 1 to 900 (default 3). */
  timeout?: number;
}

export type Scenario = { command: string[] } | { messages: ScenarioMessage[] };

export interface ScenarioMessage {
  /** Name of the queue; or a topic. */
  queue?: string;
  topic?: string;
  /** A text, or a value that is sent as JSON. */
  body: unknown;
  /** Message attributes of type String. */
  attributes?: Record<string, string>;
  /** Message group of a FIFO queue. */
  group?: string;
  /** Seconds. */
  delay?: number;
}
