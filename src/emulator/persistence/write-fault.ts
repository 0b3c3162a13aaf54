import { AwsError } from '../core/errors.ts';

/** Why a data directory cannot be written at the moment. */
export interface WriteFault {
  code: 'disk_full' | 'write_failed';
  message: string;
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

export function writeFaultOf(error: unknown): WriteFault {
  const { code, message } = error as NodeJS.ErrnoException;
  return { code: FULL.has(code) ? 'disk_full' : 'write_failed', message };
}

export function faultNotice(directory: string, { code, message }: WriteFault): string {
  const what = code === 'disk_full' ? 'disk full' : 'write failed';
  return `${what}: ${directory}: ${message}; calls that change something are refused until it can be written`;
}

/** The caller is told to try again later, as by an AWS service that is out of order ("Common Errors" of each API). */
export function refusalOf(directory: string, { code, message }: WriteFault): AwsError {
  const cause = code === 'disk_full' ? 'the disk is full' : message;
  return new AwsError('ServiceUnavailable', `The engine cannot write to its data directory ${directory}: ${cause}`);
}
