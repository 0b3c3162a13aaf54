import { awsErrorOf } from './errors.ts';
import type { Target } from './target.ts';

const UNKNOWN =
  /^(AWS\.SimpleQueueService\.)?(UnsupportedOperation|InvalidAction|UnknownOperation|UnknownAction|NotImplemented|MethodNotAllowed)(Exception|Error)?$/;

/** The many ways in which engines say that they do not know an operation; moto fails with a page and 500. */
export function isUnknownOperation(error: unknown, kind: Target['kind']): boolean {
  const aws = awsErrorOf(error);
  if (aws === undefined) return false;
  const status = aws.$metadata?.httpStatusCode ?? aws.$response?.statusCode ?? 0;
  return (kind === 'local' && status >= 500) || UNKNOWN.test(aws.name);
}

/** The answer, or undefined where the engine does not know the operation. */
export async function unlessUnknown<T>(answer: Promise<T>, kind: Target['kind']): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUnknownOperation(error, kind)) return undefined;
    throw error;
  }
}
