import { fstatSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

// Length and CRC-32 of what follows, four bytes each.
const HEADER = 8;

/** Wraps a payload so that a reader can tell whether all of it is there. */
export const frame = (payload: Buffer): Buffer => Buffer.concat([header(payload), payload]);

/** Writes a framed payload without copying it; returns where it ends. */
export function writeFrame(file: number, payload: Buffer, position: number): number {
  writeFully(file, header(payload), position);
  writeFully(file, payload, position + HEADER);
  return position + HEADER + payload.length;
}

function header(payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER);
  bytes.writeUInt32LE(payload.length, 0);
  bytes.writeUInt32LE(crc32(payload), 4);
  return bytes;
}

/** Reads frames from the start of a file; ends at the first one that is torn or damaged. */
export function* frames(file: number): Generator<{ payload: Buffer; end: number }, void> {
  const { size } = fstatSync(file);
  const head = Buffer.alloc(HEADER);
  let at = 0;
  while (at + HEADER <= size && readFully(file, head, at)) {
    const length = head.readUInt32LE(0);
    const end = at + HEADER + length;
    if (end > size) return;
    // Of its own for each frame: what is deserialised from it keeps pointing into it.
    const payload = Buffer.allocUnsafeSlow(length);
    if (!readFully(file, payload, at + HEADER) || crc32(payload) !== head.readUInt32LE(4)) return;
    yield { payload, end };
    at = end;
  }
}

function readFully(file: number, into: Buffer, position: number): boolean {
  let done = 0;
  while (done < into.length) {
    const read = readSync(file, into, done, into.length - done, position + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

export function writeFully(file: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

/** What a file holds from a position on. */
export function tail(file: number, position: number): Buffer {
  const rest = Buffer.alloc(Math.max(0, fstatSync(file).size - position));
  readFully(file, rest, position);
  return rest;
}
