import type { Identity } from '../topology/arns.ts';
import type { Pauses } from './retry.ts';
import type { Target } from './target.ts';
import type { Origin } from './trace-headers.ts';

interface ClientCommands {
  sqs: typeof import('./clients/sqs.ts').sqsCommands;
  sns: typeof import('./clients/sns.ts').snsCommands;
  dynamodb: typeof import('./clients/dynamodb.ts').dynamodbCommands;
  s3: typeof import('./clients/s3.ts').s3Commands;
  cloudwatch: typeof import('./clients/cloudwatch.ts').cloudwatchCommands;
  logs: typeof import('./clients/logs.ts').logsCommands;
}
type AdminCommands = typeof import('./clients/admin.ts').adminCommands;

/** The operations in use, by service: the tables of commands beside each client, and those that manage resources. */
export type Commands = { [S in keyof ClientCommands]: ClientCommands[S] & AdminCommands[S] };
export type ServiceName = keyof Commands;

/** A command of the SDK, whose class names the types of its input and output. */
type Instance<I, O> = { input: I; resolveMiddleware(...args: never[]): (args: never) => Promise<{ output: O }> };
export type Input<C> = C extends new (...args: never[]) => Instance<infer I, unknown> ? I : never;
export type Output<C> = C extends new (...args: never[]) => Instance<unknown, infer O> ? O : never;

export interface CallOptions {
  abortSignal?: AbortSignal;
  /** Milliseconds until an answer must have come. */
  requestTimeout?: number;
  origin?: Origin;
}

/** Runs one operation, with input, output and errors as the SDK has them. Rejects with CliffracerError. */
export type Call = <S extends ServiceName, O extends keyof Commands[S]>(
  service: S,
  operation: O,
  input: Input<Commands[S][O]>,
  options?: CallOptions,
) => Promise<Output<Commands[S][O]>>;

/** What the adapters of the ports work with. Two transports implement it: the SDK, and the engine in this process. */
export interface AwsCalls {
  readonly target: Target;
  readonly pauses: Pauses;
  call: Call;
  identity(): Promise<Identity>;
}

/** The same calls as part of one trace, in one name. */
export function tracedCalls(calls: AwsCalls, origin: Origin): AwsCalls {
  const { target, pauses } = calls;
  const call: Call = (service, operation, input, options) =>
    calls.call(service, operation, input, { ...options, origin });
  return { target, pauses, call, identity: () => calls.identity() };
}
