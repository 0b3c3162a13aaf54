import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCall } from '../../../src/emulator/calls/describe.ts';
import { isReading } from '../../../src/emulator/core/journal.ts';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';
import { loadModel } from '../../../src/emulator/models/model.ts';

export const START = Date.UTC(2026, 0, 1, 12);
export const REGION = 'us-east-1';

/** A behaviour of AWS, shown through the AWS SDK over HTTP. */
export interface Case {
  /** Where AWS documents it. */
  doc: string;
  what: string;
  /** Operations that the case calls with success. */
  covers: readonly string[];
  run(world: World): Promise<void>;
}

const PACKAGES: Record<ServiceId, Record<string, any>> = { cloudwatch, logs, dynamodb, s3, sns, sqs, sts };
const CLIENTS: Record<ServiceId, string> = {
  cloudwatch: 'CloudWatchClient',
  logs: 'CloudWatchLogsClient',
  dynamodb: 'DynamoDBClient',
  s3: 'S3Client',
  sns: 'SNSClient',
  sqs: 'SQSClient',
  sts: 'STSClient',
};

/** One account of the engine; a 12-digit access key is all that it takes to have one. */
export class World {
  readonly account: string;
  readonly emulator: Emulator;
  /** `service Operation` of every call that succeeded. */
  readonly succeeded = new Set<string>();
  readonly #port: number;
  readonly #clients = new Map<string, any>();

  constructor(account: string, emulator: Emulator, port: number) {
    this.account = account;
    this.emulator = emulator;
    this.#port = port;
  }

  get now(): number {
    return this.emulator.engine.clock.now();
  }

  advance(seconds: number): void {
    this.emulator.engine.advanceTo(this.now + seconds * 1000);
  }

  client(service: ServiceId, region = REGION): any {
    const key = `${service} ${region}`;
    if (!this.#clients.has(key)) {
      const Client = PACKAGES[service][CLIENTS[service]];
      const own =
        service === 's3' ? { forcePathStyle: true } : service === 'sqs' ? { useQueueUrlAsEndpoint: false } : {};
      const credentials = { accessKeyId: this.account, secretAccessKey: 'secret' };
      const endpoint = `http://127.0.0.1:${this.#port}`;
      this.#clients.set(key, new Client({ endpoint, region, credentials, maxAttempts: 1, ...own }));
    }
    return this.#clients.get(key);
  }

  async call(service: ServiceId, operation: string, input: object = {}, region = REGION): Promise<any> {
    const Command = PACKAGES[service][`${operation}Command`];
    const answer = await this.client(service, region).send(new Command(input));
    this.succeeded.add(`${service} ${operation}`);
    return answer;
  }

  /** The error that a call is refused with. */
  async refused(service: ServiceId, operation: string, input: object = {}, region = REGION): Promise<any> {
    const Command = PACKAGES[service][`${operation}Command`];
    return this.client(service, region)
      .send(new Command(input))
      .then(
        () => expect.unreachable(`${operation} succeeded`),
        (error: unknown) => error,
      );
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }
}

/** Operations that change nothing, whatever their name. */
const CHANGES_NOTHING = ['TestMetricFilter'];

/** Writing operations that succeeded, none of whose calls told the call log what it changed. */
function withoutEffects({ engine }: Emulator): string[] {
  const reported = new Map<string, boolean>();
  const log = engine.calls!;
  for (const entry of log.from(log.first)) {
    const { operation, code, service } = entry;
    if (service === 'engine' || entry.caller === 'engine' || code !== undefined || isReading(operation)) continue;
    const has = describeCall(entry, log).effects.length > 0;
    reported.set(operation, has || (reported.get(operation) ?? false));
  }
  return [...reported].filter(([name, has]) => !has && !CHANGES_NOTHING.includes(name)).map(([name]) => name);
}

/** Runs a service's cases, each in an account of its own, and sees that every operation of its model has one. */
export function contract(
  service: ServiceId,
  cases: readonly Case[],
  /** Operations that are understood and always refused; their refusal is part of a case. */
  { refused = [] }: { refused?: readonly string[] } = {},
): void {
  let server: HttpServer;
  let accounts = 100_000_000_000;
  const emulator = createEmulator({
    seed: 1,
    frozenAt: START,
    onError: (error) => {
      throw error;
    },
  });
  beforeAll(async () => {
    server = await serve(emulator, { port: 0 });
  });
  afterAll(async () => {
    emulator.close();
    await server.close();
    expect(withoutEffects(emulator), 'operations that change something and report no effect').toEqual([]);
  });

  describe(`${service}, through the AWS SDK over HTTP`, () => {
    test.each(cases.map((one) => [one.what, one.doc, one] as const))('%s (%s)', async (_what, _doc, one) => {
      const world = new World(String(++accounts), emulator, server.port);
      try {
        await one.run(world);
        const missing = one.covers.filter((operation) => !world.succeeded.has(`${service} ${operation}`));
        expect(missing, 'operations that the case says it shows').toEqual([]);
      } finally {
        world.close();
      }
    });

    test('every operation has a case', async () => {
      const covered = new Set([...refused, ...cases.flatMap(({ covers }) => covers)]);
      const { operations } = await loadModel(service);
      expect([...operations.keys()].filter((name) => !covered.has(name))).toEqual([]);
      expect([...covered].filter((name) => !operations.has(name))).toEqual([]);
    });
  });
}
