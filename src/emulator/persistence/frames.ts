import { crc32 } from 'node:zlib';
import { type FileFunctions, readFully } from './files.ts';

/**
 * What a frame is: the header of a file, a journal's mark, or a part of a value, which is the only one, the first, one
 * between, or the last.
 */
export type FrameKind = 'H' | 'M' | 'O' | 'F' | 'B' | 'L';

export interface Frame {
  kind: FrameKind;
  /** Good until the next frame is read. */
  payload: Buffer;
  start: number;
  end: number;
}

// "CLF" and the kind, length of the payload, CRC-32 of these eight bytes and the payload.
export const FRAME_HEADER = 12;
const MAGIC = Buffer.from('CLF');
const KINDS = 'HMOFBL';
export const MOST_PAYLOAD = 1024 * 1024 + 64;
const WINDOW = 2 * 1024 * 1024;

/** Fills in the header of a frame for which the first twelve bytes were left free. */
export function seal(frame: Buffer, kind: FrameKind): Buffer {
  MAGIC.copy(frame, 0);
  frame[3] = kind.charCodeAt(0);
  frame.writeUInt32LE(frame.length - FRAME_HEADER, 4);
  frame.writeUInt32LE(checksum(frame, 0, frame.length), 8);
  return frame;
}

const checksum = (bytes: Buffer, start: number, end: number): number =>
  crc32(bytes.subarray(start + FRAME_HEADER, end), crc32(bytes.subarray(start, start + 8)));

/** Reads the frames of a file through a window of bounded size, from wherever it is asked to. */
export class FrameReader {
  readonly size: number;
  readonly #files: FileFunctions;
  readonly #file: number;
  readonly #window: Buffer;
  #from = 0;
  #filled = 0;

  constructor(files: FileFunctions, file: number) {
    this.#files = files;
    this.#file = file;
    this.size = files.fstatSync(file).size;
    this.#window = Buffer.allocUnsafeSlow(Math.min(this.size, WINDOW));
  }

  /** The frame that starts there; undefined when none does that is whole and sound. */
  at(start: number): Frame | undefined {
    if (start + FRAME_HEADER > this.size) return undefined;
    let offset = this.#load(start, FRAME_HEADER);
    const { kind, length } = this.#head(offset);
    const end = start + FRAME_HEADER + length;
    if (kind === undefined || end > this.size) return undefined;
    offset = this.#load(start, FRAME_HEADER + length);
    const last = offset + FRAME_HEADER + length;
    if (checksum(this.#window, offset, last) !== this.#window.readUInt32LE(offset + 8)) return undefined;
    return { kind, payload: this.#window.subarray(offset + FRAME_HEADER, last), start, end };
  }

  /** The first sound frame that starts at `start` or behind. */
  find(start: number): Frame | undefined {
    for (let from = start; from + FRAME_HEADER <= this.size; ) {
      const offset = this.#load(from, Math.min(this.#window.length, this.size - from));
      const found = this.#window.subarray(0, this.#filled).indexOf(MAGIC, offset);
      if (found === -1) {
        from = this.#from + this.#filled - MAGIC.length + 1;
        continue;
      }
      const candidate = this.#from + found;
      const frame = this.at(candidate);
      if (frame !== undefined) return frame;
      from = candidate + 1;
    }
    return undefined;
  }

  /** Bytes as they stand, as many as there are. */
  bytes(start: number, count: number): Buffer {
    if (start + count > this.size) return Buffer.alloc(0);
    const offset = this.#load(start, count);
    return this.#window.subarray(offset, offset + count);
  }

  #head(offset: number): { kind: FrameKind | undefined; length: number } {
    const length = this.#window.readUInt32LE(offset + 4);
    const letter = String.fromCharCode(this.#window[offset + 3]!);
    const isOurs = MAGIC.equals(this.#window.subarray(offset, offset + 3)) && KINDS.includes(letter);
    return { kind: isOurs && length <= MOST_PAYLOAD ? (letter as FrameKind) : undefined, length };
  }

  /** Has the bytes in the window; returns where in it they start. */
  #load(start: number, bytes: number): number {
    if (start < this.#from || start + bytes > this.#from + this.#filled) {
      this.#from = start;
      this.#filled = readFully(this.#files, this.#file, this.#window, start);
      // A file that is shorter than it said reads as zeros, which are no frame.
      if (this.#filled < bytes) this.#window.fill(0, this.#filled, bytes);
    }
    return start - this.#from;
  }
}
