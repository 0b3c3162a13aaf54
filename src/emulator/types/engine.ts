/** What a client of the AWS SDK for JavaScript (v3) takes as `requestHandler`: it calls the engine without a socket. */
export interface EngineRequestHandler {
  readonly metadata: { handlerProtocol: string };
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own types are not ours to depend on
  handle(request: any, options?: any): Promise<{ response: any }>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  updateHttpClientConfig(...setting: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  httpHandlerConfigs(): any;
  destroy(): void;
}

export interface LocalEngineOptions {
  /** Of ids, the order of delivery and faults; otherwise chosen by the clock. */
  seed?: number;
  /** Starts with the clock frozen there; it is turned through `/_cliffracer/clock`. */
  frozenAt?: Date | string | number;
  /** Standard queues deliver in order and once (default), or as AWS may: out of order, and now and then twice. */
  delivery?: 'in-order' | 'aws';
  /** As LocalStack does where it is less strict than AWS (default false). */
  lenient?: boolean;
  /** Keeps the state there, across restarts; in memory without it. */
  dataDirectory?: string;
  /** Calls that the call log keeps (default 100000); 0 keeps none. */
  calls?: number;
  /** Told, in a sentence, of what nobody else is told. */
  onNotice?: (notice: string) => void;
}

export interface ListenOptions {
  /** 0 (default) takes any free one. */
  port?: number;
  /** A loopback address (default 127.0.0.1). */
  host?: string;
}

/** An engine that listens. */
export interface Listening {
  port: number;
  endpoint: string;
  close(): Promise<void>;
}

/** The embedded engine in this process: SNS, SQS, DynamoDB, S3, CloudWatch, CloudWatch Logs and STS. */
export interface LocalEngine {
  readonly requestHandler: EngineRequestHandler;
  listen(options?: ListenOptions): Promise<Listening>;
  /** Closes all ports, and writes the data directory if there is one. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
