// Bundles the fuzz run (test/fuzz) and the engine, and runs the one against the other: npm run fuzz -- --requests 100000 --seed 1
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const outdir = mkdtempSync(join(tmpdir(), 'cliffracer-fuzz-'));
try {
  await build({
    entryPoints: ['test/fuzz/main.ts', 'test/fuzz/engine.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
  });
  const args = [
    '--enable-source-maps',
    join(outdir, 'main.mjs'),
    ...process.argv.slice(2),
    '--engine',
    join(outdir, 'engine.mjs'),
  ];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
