import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { ClockState } from '../core/clock.ts';
import type { EngineState } from '../core/engine.ts';
import { frames, writeFrame } from './frames.ts';

/** What a snapshot says of itself without being read as a whole. */
export interface SnapshotHeader {
  format: 1;
  /** Engine time of the snapshot. */
  at: number;
  clock: ClockState;
}

/**
 * Writes a snapshot of the serialised state, beside its place and renamed into it: there never is half a snapshot under
 * its name. Returns its size.
 */
export function writeSnapshotFile(path: string, header: SnapshotHeader, state: Buffer): number {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', 0o600);
  let size: number;
  try {
    size = writeFrame(file, state, writeFrame(file, serialize(header), 0));
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(draft, { force: true });
    throw error;
  }
  closeSync(file);
  renameSync(draft, path);
  return size;
}

/** undefined when the file is missing or not whole. */
export function readSnapshotFile(
  path: string,
): { header: SnapshotHeader; state: EngineState; size: number } | undefined {
  const [head, body] = readFrames(path, 2);
  if (head === undefined || body === undefined) return undefined;
  const header = deserialize(head.payload) as SnapshotHeader;
  if (header.format !== 1) return undefined;
  return { header, state: deserialize(body.payload) as EngineState, size: body.end };
}

export function readSnapshotHeader(path: string): SnapshotHeader | undefined {
  const [head] = readFrames(path, 1);
  const header = head && (deserialize(head.payload) as SnapshotHeader);
  return header?.format === 1 ? header : undefined;
}

function readFrames(path: string, count: number): { payload: Buffer; end: number }[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const found = [];
    for (const one of frames(file)) {
      found.push(one);
      if (found.length === count) break;
    }
    return found;
  } finally {
    closeSync(file);
  }
}
