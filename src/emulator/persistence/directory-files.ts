import { join } from 'node:path';
import { isOurFile } from './file-header.ts';
import { asideName, type FileFunctions } from './files.ts';

const NAME = /^state-(\d{8})\.(snapshot|journal)$/;
const DRAFT = /^state-\d{8}\.snapshot\.draft$/;
const NUMBER = /^state-(\d{8})\./;

/** The files of a data directory by kind and generation. Only files with our names and our headers are ever changed. */
export class DirectoryFiles {
  readonly directory: string;
  readonly #files: FileFunctions;

  constructor(files: FileFunctions, directory: string) {
    this.#files = files;
    this.directory = directory;
  }

  path(kind: 'snapshot' | 'journal', generation: number): string {
    return join(this.directory, `state-${String(generation).padStart(8, '0')}.${kind}`);
  }

  /** Ascending. */
  generations(kind: 'snapshot' | 'journal'): number[] {
    const found = this.#names().flatMap((name) => {
      const match = NAME.exec(name);
      return match?.[2] === kind ? [Number(match[1])] : [];
    });
    return found.sort((a, b) => a - b);
  }

  /** A number that no file has, whoever's it is. */
  nextGeneration(): number {
    return 1 + Math.max(0, ...this.#names().map((name) => Number(NUMBER.exec(name)?.[1] ?? 0)));
  }

  /** Removes what an interrupted compaction left, and all generations below one. */
  removeBelow(generation: number): void {
    for (const kind of ['snapshot', 'journal'] as const) {
      for (const each of this.generations(kind)) if (each < generation) this.#remove(this.path(kind, each));
    }
    this.removeDrafts();
  }

  removeDrafts(): void {
    for (const name of this.#names()) if (DRAFT.test(name)) this.#remove(join(this.directory, name));
  }

  /** Renames a file so that it is kept and no longer counts; returns its new name, or undefined when it is not ours. */
  setAside(path: string): string | undefined {
    if (!isOurFile(this.#files, path)) return undefined;
    const aside = asideName(this.#files, path, 'damaged');
    this.#files.renameSync(path, aside);
    return aside;
  }

  #remove(path: string): void {
    if (isOurFile(this.#files, path)) this.#files.rmSync(path, { force: true });
  }

  #names(): string[] {
    return this.#files.readdirSync(this.directory);
  }
}
