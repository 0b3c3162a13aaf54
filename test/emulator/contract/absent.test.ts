import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { loadModel } from '../../../src/emulator/models/model.ts';
import { START, World } from './contract.ts';

let server: HttpServer;
const emulator = createEmulator({ seed: 1, frozenAt: START });
beforeAll(async () => {
  server = await serve(emulator, { port: 0 });
});
afterAll(async () => {
  emulator.close();
  await server.close();
});

const PACKAGES: Record<ServiceId, () => Promise<object>> = {
  sns: () => import('@aws-sdk/client-sns'),
  sqs: () => import('@aws-sdk/client-sqs'),
  dynamodb: () => import('@aws-sdk/client-dynamodb'),
  s3: () => import('@aws-sdk/client-s3'),
  cloudwatch: () => import('@aws-sdk/client-cloudwatch'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  sts: () => import('@aws-sdk/client-sts'),
};

/** What each service says to an operation that it does not know (Common Errors of each API reference). */
const REFUSALS: Record<ServiceId, readonly string[]> = {
  sns: ['InvalidAction'],
  sts: ['InvalidAction'],
  sqs: ['UnknownOperationException', 'InvalidAction'],
  cloudwatch: ['UnknownOperationException', 'InvalidAction'],
  dynamodb: ['UnknownOperationException'],
  logs: ['UnknownOperationException'],
  s3: ['NotImplemented'],
};

/** These go to hosts of their own, stream events, or are another form of an operation that is there. */
const ELSEWHERE =
  /^(StartLiveTail|GetLogObject|CreateSession|ListDirectoryBuckets|WriteGetObjectResponse|SelectObjectContent|RenameObject|.*BucketMetadata.*)$/;

/** Plausible values for what the SDK itself insists on, or puts into the path. */
const INPUT = { Bucket: 'some-bucket', Key: 'key', Id: 'id', Name: 'name', UploadId: 'u', AccountId: '000000000000' };

describe.each(Object.keys(PACKAGES) as ServiceId[])('%s: what the engine does not have', (service) => {
  test('no operation of the SDK that is not there succeeds', async () => {
    const { operations } = await loadModel(service);
    const commands = Object.keys(await PACKAGES[service]()).filter(
      (name) => name.endsWith('Command') && name !== '$Command',
    );
    const absent = commands
      .map((name) => name.slice(0, -'Command'.length))
      .filter((name) => !operations.has(name) && !ELSEWHERE.test(name));
    const world = new World('123456789012', emulator, server.port);
    const unexpected: string[] = [];
    for (const name of absent) {
      const error = await world.refused(service, name, { ...INPUT }).catch((wrong: unknown) => wrong);
      if (!REFUSALS[service].includes(error.name)) unexpected.push(`${name}: ${error.name} ${error.message}`);
    }
    world.close();
    expect(unexpected).toEqual([]);
    expect(absent.length, 'operations that were tried').toBeGreaterThan(service === 'sqs' ? -1 : 5);
  });
});
