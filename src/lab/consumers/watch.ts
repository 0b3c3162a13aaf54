import { type FSWatcher, watch as watchFiles } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What programs are written in; data that a consumer writes beside it must not start it anew. */
const SOURCE =
  /\.(?:[cm]?[jt]sx?|json|py|go|rs|java|kt|jar|class|cs|dll|fs|rb|php|ex|exs|sh|ya?ml|toml|env|proto)$|^bootstrap$/;
/** Folders of dependencies and of what tools make. */
const LEFT_OUT = /^(?:\..*|node_modules|__pycache__|venv|target|coverage)$/;
const MOST_FOLDERS = 2_000;

/** Calls `changed` with a source file that was written, added or removed below the folder; the name is relative to it. */
export class FolderWatch {
  readonly #root: string;
  readonly #changed: (file: string) => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(root: string, changed: (file: string) => void) {
    this.#root = root;
    this.#changed = changed;
  }

  /** Resolves when all folders are watched. */
  open(): Promise<void> {
    return this.#add(this.#root);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #add(folder: string): Promise<void> {
    if (this.#watchers.has(folder) || this.#watchers.size >= MOST_FOLDERS) return;
    let watcher: FSWatcher;
    try {
      watcher = watchFiles(folder, { persistent: false }, (_event, name) => this.#see(folder, name));
    } catch {
      // Removed meanwhile, or not ours to read.
      return;
    }
    watcher.on('error', () => this.#remove(folder));
    this.#watchers.set(folder, watcher);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && !LEFT_OUT.test(entry.name));
    await Promise.all(folders.map(({ name }) => this.#add(join(folder, name))));
  }

  #remove(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #see(folder: string, name: string | null): void {
    if (name === null || LEFT_OUT.test(name)) return;
    const path = join(folder, name);
    if (SOURCE.test(name)) this.#changed(relative(this.#root, path));
    else if (!name.includes('.')) void this.#add(path);
  }
}
