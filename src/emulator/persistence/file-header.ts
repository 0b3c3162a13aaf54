import { crc32 } from 'node:zlib';
import type { ClockState } from '../core/clock.ts';
import type { FileFunctions } from './files.ts';
import { FRAME_HEADER, FrameReader, MOST_PAYLOAD, seal } from './frames.ts';
import { ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

/** Rises with every change after which an older version would misread a file. */
export const FORMAT = 3;

/** The oldest one that can be read: queues and tables had no packed messages and items in it. */
const OLDEST = 2;

interface Header {
  format: number;
  /** The version of the program that wrote the file, for messages. */
  version: string;
  /** The data directory that the file belongs to; empty for a named snapshot. */
  lineage: string;
  generation: number;
  /** Engine time at which the file starts (journal) or which it shows (snapshot). */
  at: number;
  clock: ClockState;
}

export interface SnapshotHeader extends Header {
  file: 'snapshot';
}

/** Where a journal ends, as its successor remembers it. */
export interface JournalEnd {
  generation: number;
  entries: number;
  /** Of the engine's state there: how many timers were ever set, and how many wait. */
  sequence: number;
  timers: number;
}

export interface JournalHeader extends Header {
  file: 'journal';
  /** The journal that this one continues; undefined when it starts from the snapshot of its own generation. */
  previous: JournalEnd | undefined;
}

export type FileHeader = SnapshotHeader | JournalHeader;

/** What the head of a file says: whose it is, or why that cannot be told. */
export type HeaderReading =
  | { is: 'header'; header: FileHeader; end: number }
  | { is: 'newer' | 'older'; version: string }
  | { is: 'damaged' };

export function headerFrame(header: FileHeader): Buffer {
  const frames: Buffer[] = [];
  new ValueWriter(FRAME_HEADER).write(header, (chunk) => frames.push(chunk));
  return seal(frames[0]!, 'H');
}

export function readHeader(reader: FrameReader): HeaderReading {
  const frame = reader.at(0);
  if (frame?.kind !== 'H') return isFormat1(reader) ? { is: 'older', version: '0.1.0' } : { is: 'damaged' };
  const header = decode(frame.payload);
  if (header === undefined || typeof header.format !== 'number') return { is: 'damaged' };
  if (header.format > FORMAT || header.format < OLDEST) {
    return { is: header.format > FORMAT ? 'newer' : 'older', version: String(header.version) };
  }
  return { is: 'header', header, end: frame.end };
}

function decode(payload: Buffer): FileHeader | undefined {
  try {
    const chunks = [payload];
    return new ValueReader(() => chunks.shift()).read() as FileHeader;
  } catch {
    return undefined;
  }
}

/** Version 0.1.0 wrote frames of length, CRC-32 and a value of V8, whose first byte is 255. */
function isFormat1(reader: FrameReader): boolean {
  const head = reader.bytes(0, 8);
  if (head.length < 8) return false;
  const [length, sum] = [head.readUInt32LE(0), head.readUInt32LE(4)];
  const payload = length > MOST_PAYLOAD ? Buffer.alloc(0) : reader.bytes(8, length);
  return payload[0] === 0xff && crc32(payload) === sum;
}

/** Whether a file starts as ours do: no other is written over, renamed or removed. */
export function isOurFile(files: FileFunctions, path: string): boolean {
  let file: number;
  try {
    file = files.openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    return readHeader(new FrameReader(files, file)).is !== 'damaged';
  } catch {
    return false;
  } finally {
    files.closeSync(file);
  }
}
