import { CallEntry } from '../emulator/calls/entry.ts';
import type { CallLog } from '../emulator/calls/log.ts';
import type { Engine } from '../emulator/core/engine.ts';
import { AwsError } from '../emulator/core/errors.ts';
import { systemLoop } from '../emulator/core/host.ts';
import type { Scope, ServiceId } from '../emulator/core/types.ts';
import { createEmulator, type Emulator } from '../emulator/index.ts';
import { LabError } from './error.ts';
import type { LabOptions } from './types/lab.ts';

/** The account of everybody whose access key is no account id. */
export const ACCOUNT = '000000000000';
/** Where a client that calls without a socket believes the engine to be, as queue URLs tell it. */
export const NOWHERE = 'http://127.0.0.1:4566';

export interface CallOptions {
  /** In whose name. */
  caller: string;
  /** X-Ray trace header. */
  trace?: string;
  signal?: AbortSignal;
  /** Whether fault rules strike it; true unless told. */
  disturbed?: boolean;
}

/** The engine of a lab, and calls to it in its own words: without a client, and in the call log like every other. */
export class LabEngine implements Scope {
  readonly account = ACCOUNT;
  readonly region: string;
  readonly emulator: Emulator;
  readonly engine: Engine;
  readonly log: CallLog;
  /** What the engine itself failed at. */
  readonly failures: unknown[] = [];
  /** The first call of which assertions know. */
  since = 1;

  constructor({ seed = 1, clock = 'virtual', startsAt, delivery = 'in-order', region = 'us-east-1' }: LabOptions) {
    this.region = region;
    this.emulator = createEmulator({ seed, delivery, onError: (error) => void this.failures.push(error) });
    this.engine = this.emulator.engine;
    this.log = this.engine.calls!;
    if (clock === 'virtual') this.engine.clock.freeze(startsAt === undefined ? undefined : timeOf(startsAt));
    else if (startsAt !== undefined) throw new LabError('startsAt is for a virtual clock');
  }

  /** Runs one operation with the service model's own input and output. Rejects with AwsError. */
  async call<T>(service: ServiceId, operation: string, input: object, options: CallOptions): Promise<T> {
    const { engine, log, account, region } = this;
    const { caller, trace, signal, disturbed = true } = options;
    const entry = new CallEntry(caller, service, operation, account, region);
    entry.kept = input;
    const started = systemLoop.elapsed();
    if (operation === 'ReceiveMessage') log.deliveries.asks(caller);
    const call = {
      ...{ service, operation, input, account, region, endpoint: NOWHERE, signal, log: entry },
      ...(trace !== undefined && { traceHeader: trace }),
    };
    engine.waiters.requests++;
    try {
      return (await (disturbed ? engine.call(call) : engine.perform(call))) as T;
    } catch (error) {
      if (error instanceof AwsError) {
        entry.code = error.code;
        entry.message = error.message;
      }
      throw error;
    } finally {
      engine.waiters.requests--;
      entry.at = engine.clock.now();
      entry.duration = systemLoop.elapsed() - started;
      log.add(entry, trace);
    }
  }

  /** A service's state, with everything that is due done. */
  state<S>(service: ServiceId): S {
    this.engine.settle();
    return this.engine.stateOf(service, this) as S;
  }

  queueUrl(name: string): string {
    return `${NOWHERE}/${this.account}/${name}`;
  }

  arn(service: 'sqs' | 'sns', name: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${name}`;
  }
}

function timeOf(startsAt: Date | string | number): number {
  const at = new Date(startsAt).getTime();
  if (Number.isNaN(at)) throw new LabError(`startsAt ${JSON.stringify(startsAt)} is no time`);
  return at;
}
