import { AwsError } from '../../core/errors.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { StoredObject } from '../state.ts';

/** A part of an object's content: from `start` up to, not including, `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/;

function unsatisfiable(size: number, asked: string): AwsError {
  return new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    status: 416,
    fields: { ActualObjectSize: size, RangeRequested: asked },
  });
}

/** A Range header that S3 cannot read, or with several ranges, is ignored (GetObject, Range; RFC 9110, 14.2). */
export function readRange(header: string, size: number): ByteRange | undefined {
  const found = ONE_RANGE.exec(header.trim());
  if (found === null) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw unsatisfiable(size, header);
    return { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw unsatisfiable(size, header);
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Where a part of a multipart upload lies; an object that was not uploaded in parts is its own first part. */
export function partRange(object: StoredObject, partNumber: number): ByteRange {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', partNumber);
  }
  const { parts } = object;
  if (parts === undefined && partNumber === 1) return { start: 0, end: object.body.byteLength };
  let start = 0;
  for (const part of parts ?? []) {
    if (part.number === partNumber) return { start, end: start + part.size };
    start += part.size;
  }
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    status: 416,
    fields: { ActualPartCount: parts?.length ?? 1, PartNumberRequested: partNumber },
  });
}

/** x-amz-copy-source-range, which has to be exact (UploadPartCopy). */
export function copyRange(header: string, size: number): ByteRange {
  const found = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [first, last] = [Number(found?.[1]), Number(found?.[2])];
  const argument = 'x-amz-copy-source-range';
  if (found === null || first > last) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      argument,
      header,
    );
  }
  if (first >= size) throw invalidRequest('The specified copy range is invalid for the source object size');
  if (last >= size) {
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, argument, header);
  }
  return { start: first, end: last + 1 };
}
