// Bundles the program into dist/: one file per lazily loaded part, so that a command reads only what it needs.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build, context } from 'esbuild';

const options = {
  entryPoints: {
    main: 'src/main.ts',
    engine: 'src/engines/embedded/process.ts',
    explorer: 'src/commands/chaos/thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages inside the bundle ask for Node's own modules through require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
};

if (process.argv.includes('--watch')) await (await context(options)).watch();
else {
  // In memory first: a build that fails leaves the last good one in place.
  const { outputFiles, metafile } = await build({ ...options, write: false });
  rmSync('dist', { recursive: true, force: true });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  writeLicences(metafile);
}

/** The licence texts of every package that went into the bundle. */
function writeLicences(metafile) {
  const roots = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) roots.add(match[1]);
  }
  const texts = [...roots].sort().map((root) => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
    const text =
      file !== undefined && existsSync(`${root}/${file}`) ? readFileSync(`${root}/${file}`, 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', texts.join(`\n${'-'.repeat(78)}\n\n`));
}
