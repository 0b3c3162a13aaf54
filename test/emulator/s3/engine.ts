import { Engine } from '../../../src/emulator/core/engine.ts';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import type { HostTime } from '../../../src/emulator/core/host.ts';
import { s3 } from '../../../src/emulator/s3/index.ts';

export const START = Date.UTC(2026, 0, 1);
export const ACCOUNT = '000000000000';

const noHost: HostTime = { now: () => START, after: () => () => {} };

export type Answer = any;

export interface Where {
  account?: string;
  region?: string;
}

/** An engine with S3 alone, its clock frozen, and short ways to call it. */
export function s3Engine() {
  const engine = new Engine({ services: [s3], host: noHost, seed: 1, frozenAt: START });
  const call = (operation: string, input: object = {}, where: Where = {}): Promise<Answer> =>
    engine.call({ service: 's3', operation, input, account: ACCOUNT, region: 'us-east-1', ...where });
  /** The error that the call ends with, as `CODE status: message`. */
  const refusal = async (operation: string, input: object = {}, where: Where = {}): Promise<string> => {
    try {
      await call(operation, input, where);
    } catch (error) {
      if (error instanceof AwsError) return `${error.code} ${error.status}: ${error.message}`;
      throw error;
    }
    return 'no error';
  };
  return { engine, call, refusal };
}

/** The same with the bucket `shop` in it. */
export async function s3WithBucket() {
  const context = s3Engine();
  await context.call('CreateBucket', { Bucket: 'shop' });
  return {
    ...context,
    put: (Key: string, Body = 'content', more: object = {}): Promise<Answer> =>
      context.call('PutObject', { Bucket: 'shop', Key, Body: Buffer.from(Body), ...more }),
    get: (Key: string, more: object = {}): Promise<Answer> =>
      context.call('GetObject', { Bucket: 'shop', Key, ...more }),
  };
}
