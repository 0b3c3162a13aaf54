import { CliffracerError } from '../../../errors.ts';

/** Runs one operation of the engine, in AWS's words; rejects with what AWS calls an error (`code`, `message`). */
export type EngineCall = <T>(service: string, operation: string, input: object) => Promise<T>;

/** How the shop's names are called on the engine. */
export interface Addresses {
  queueUrl(queue: string): string;
  table(name: string): string;
  topicArn: string;
  bucket: string;
  namespace: string;
  logGroup: string;
}

/** An error of the engine, as far as it matters here. */
export interface EngineError extends Error {
  code: string;
  fields?: { CancellationReasons?: { Code?: string }[] };
}

export const isEngineError = (error: unknown): error is EngineError =>
  error instanceof Error && typeof (error as Partial<EngineError>).code === 'string';

/** Makes the engine's errors ours, as every port has to. */
export function translating(call: EngineCall): EngineCall {
  return <T>(service: string, operation: string, input: object) =>
    call<T>(service, operation, input).catch((error: unknown) => {
      if (!isEngineError(error)) throw error;
      throw new CliffracerError('aws_error', `${service} ${operation} failed: ${error.code}: ${error.message}`, {
        cause: error,
      });
    });
}

export function batches<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += size) found.push(items.slice(start, start + size));
  return found;
}
