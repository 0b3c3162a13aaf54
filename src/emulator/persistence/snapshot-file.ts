import type { EngineState } from '../core/engine.ts';
import { headerFrame, isOurFile, readHeader, type SnapshotHeader } from './file-header.ts';
import { type FileFunctions, syncDirectory, writeFully } from './files.ts';
import { FRAME_HEADER, FrameReader, seal } from './frames.ts';
import { inSteps, type OnProgress } from './progress.ts';
import { UnreadableValue, ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

// Each call of fsync is to take a moment only, so that progress can be told between them.
const SYNC_BYTES = 64 * 1024 * 1024;

/**
 * Writes a snapshot beside its place, and renames it into it when it is on the disk: there never is half a snapshot under
 * its name. Returns its size. Throws, and leaves nothing behind, when a file of somebody else has the name.
 */
export function writeSnapshotFile(
  files: FileFunctions,
  path: string,
  header: SnapshotHeader,
  state: EngineState,
  onProgress: OnProgress = () => {},
): number {
  const tell = inSteps(onProgress);
  const draft = `${path}.draft`;
  if (files.existsSync(draft) && isOurFile(files, draft)) files.rmSync(draft, { force: true });
  const file = files.openSync(draft, 'wx', 0o600);
  let size = 0;
  try {
    const head = headerFrame(header);
    writeFully(files, file, head, 0);
    size = head.length;
    let synced = size;
    let first = true;
    new ValueWriter(FRAME_HEADER).write(state, (chunk, last) => {
      writeFully(files, file, seal(chunk, first ? (last ? 'O' : 'F') : last ? 'L' : 'B'), size);
      size += chunk.length;
      first = false;
      if (size - synced > SYNC_BYTES) {
        files.fsyncSync(file);
        synced = size;
      }
      tell(size, undefined);
    });
    files.fsyncSync(file);
  } catch (error) {
    files.closeSync(file);
    files.rmSync(draft, { force: true });
    throw error;
  }
  files.closeSync(file);
  files.renameSync(draft, path);
  syncDirectory(files, path);
  return size;
}

export type SnapshotReading =
  | { is: 'sound'; header: SnapshotHeader; state: EngineState; size: number }
  | { is: 'newer' | 'older'; version: string }
  /** A journal that has the name of a snapshot. */
  | { is: 'journal' }
  | { is: 'damaged' }
  | { is: 'missing' };

export function readSnapshotFile(
  files: FileFunctions,
  path: string,
  onProgress: OnProgress = () => {},
): SnapshotReading {
  return reading(files, path, (reader) => {
    const head = readHeader(reader);
    if (head.is !== 'header') return head;
    const { header } = head;
    if (header.file !== 'snapshot') return { is: 'journal' };
    let at = head.end;
    const tell = inSteps(onProgress);
    let last = false;
    const chunk = () => {
      if (last) return undefined;
      const frame = reader.at(at);
      if (frame === undefined) throw new UnreadableValue('a part is not whole');
      last = frame.kind === 'O' || frame.kind === 'L';
      at = frame.end;
      tell(at, reader.size);
      return frame.payload;
    };
    try {
      const state = new ValueReader(chunk).read() as EngineState;
      // More than was written is no snapshot of ours either.
      return at === reader.size ? { is: 'sound', header, state, size: at } : { is: 'damaged' };
    } catch (error) {
      if (error instanceof UnreadableValue) return { is: 'damaged' };
      throw error;
    }
  });
}

export function readSnapshotHeader(files: FileFunctions, path: string): SnapshotHeader | undefined {
  const head = reading(files, path, readHeader);
  return head.is === 'header' && head.header.file === 'snapshot' ? head.header : undefined;
}

function reading<T>(files: FileFunctions, path: string, read: (reader: FrameReader) => T): T | { is: 'missing' } {
  let file: number;
  try {
    file = files.openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { is: 'missing' };
    throw error;
  }
  try {
    return read(new FrameReader(files, file));
  } finally {
    files.closeSync(file);
  }
}
