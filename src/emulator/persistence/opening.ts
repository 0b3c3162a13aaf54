import { writeFileSync } from 'node:fs';
import type { Engine } from '../core/engine.ts';
import type { DirectoryFiles } from './directory-files.ts';
import { asideName, type FileFunctions, readFully } from './files.ts';
import { JournalFile } from './journal-file.ts';
import type { OnProgress } from './progress.ts';
import { type Recovery, recover } from './recovery.ts';

export interface OpeningContext {
  engine: Engine;
  files: FileFunctions;
  names: DirectoryFiles;
  acceptLoss?: boolean;
  onNotice(notice: string): void;
  onProgress?: OnProgress;
}

export interface Opened {
  recovery: Recovery;
  /** The journal to go on with; undefined where a new generation has to be started. */
  journal: JournalFile | undefined;
  /** To be called when the new generation is there: what it replaces is kept under other names. */
  setAside(): void;
}

/** Reads a data directory into an engine. Where something acknowledged is lost, and that is not accepted, nothing is changed. */
export function openDirectory(context: OpeningContext): Opened {
  const { engine, files, names, onNotice, onProgress } = context;
  const recovery = recover(engine, { files, names, ...(onProgress && { onProgress }) });
  const { losses, mended, last } = recovery;
  if (losses.length > 0 && !context.acceptLoss) return { recovery, journal: undefined, setAside() {} };
  for (const notice of recovery.notices) onNotice(notice);
  for (const { file, what } of losses) onNotice(`${file} ${what} (accepted)`);
  engine.setClock(recovery.clock, recovery.at);
  if (losses.length === 0 && !mended) {
    return { recovery, journal: last && reopen(context, last), setAside() {} };
  }
  const replaced = (['snapshot', 'journal'] as const).flatMap((kind) =>
    names.generations(kind).map((generation) => names.path(kind, generation)),
  );
  return { recovery, journal: undefined, setAside: () => setAside(context, replaced) };
}

/** Keeps the files as they were under other names: what can still be found in them is not thrown away. */
function setAside({ names, onNotice }: OpeningContext, paths: readonly string[]): void {
  const kept = paths.flatMap((path) => names.setAside(path) ?? []);
  if (kept.length > 0) onNotice(`the files as they were are kept: ${kept.join(', ')}`);
}

/** A torn end is what a write leaves that was cut short: nobody was told that it is kept. It is set aside, and said. */
function reopen({ files, onNotice }: OpeningContext, last: NonNullable<Recovery['last']>): JournalFile {
  const { path, generation, reading } = last;
  const { torn, end, markAt, entries, unknown } = reading;
  if (torn > 0) {
    const aside = asideName(files, path, 'cut');
    writeFileSync(aside, bytesFrom(files, path, end, torn), { mode: 0o600, flag: 'wx' });
    onNotice(
      `the last ${torn} bytes of ${path} are half an entry that nobody was told is kept; they are cut off (kept as ${aside})`,
    );
  }
  return JournalFile.reopen(files, path, { generation, markAt, end, entries: entries + unknown });
}

function bytesFrom(files: FileFunctions, path: string, start: number, count: number): Buffer {
  const file = files.openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    readFully(files, file, bytes, start);
    return bytes;
  } finally {
    files.closeSync(file);
  }
}
