import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Gives `work` a module of this folder with all that it needs in one file, as the program's own build would have it. */
export async function withBundle(file, work) {
  const directory = mkdtempSync(join(tmpdir(), 'cliffracer-bench-'));
  try {
    const outfile = join(directory, 'bundle.mjs');
    await build({
      ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' },
      ...{ entryPoints: [join(import.meta.dirname, file)], outfile, banner: { js: BANNER } },
    });
    return await work(await import(pathToFileURL(outfile).href));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
