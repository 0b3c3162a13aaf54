// npm run build [-- --watch]: bundles the program into dist/. docs/decisions/0005-start-up.md says why it looks as it does.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { build, buildSync, context } from 'esbuild';
import { commonJs } from './common-js.mjs';
import { consolePage } from './console.mjs';
import { exported } from './exports.mjs';
import { helpFiles } from './help.mjs';
import { licences } from './licences.mjs';
import { packed } from './pack.mjs';
import { patchesOf } from './patches.mjs';

const options = {
  entryPoints: {
    main: 'src/entry.ts',
    engine: 'src/engines/embedded/process.ts',
    explorer: 'src/chaos/thread.ts',
    compaction: 'src/emulator/persistence/compaction-thread.ts',
    config: 'src/config/define.ts',
    testing: 'src/testing/index.ts',
    'create-engine': 'src/emulator/create-engine.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
  metafile: true,
  // In memory first: a build that fails leaves the last good one in place.
  write: false,
  plugins: [patchesOf(), { name: 'write', setup: ({ onEnd }) => onEnd(write) }],
};

/** A program that is an ES module in one file: in it `import()` stays what it is. */
const modules = {
  entryPoints: { 'lambda-runtime': 'src/lab/lambda/node-runtime.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
  write: false,
};

/** What programs of the user's load first, in whatever Node.js they have. */
const preload = {
  ...modules,
  entryPoints: { 'intercept-preload': 'src/lab/intercept/node-preload.ts' },
  format: 'cjs',
  target: 'node14.18',
  outExtension: { '.js': '.cjs' },
};

if (process.argv.includes('--watch')) await (await context(options)).watch();
else await build(options);

async function write({ errors, outputFiles, metafile }) {
  if (errors.length > 0) return;
  const chunks = new Map(outputFiles.map(({ path, text }) => [relative('dist', path).replaceAll('\\', '/'), text]));
  const files = packed(commonJs(chunks), metafile);
  for (const [name, text] of await helpFiles(files)) files.set(name, text);
  for (const { path, text } of [modules, preload].flatMap((each) => buildSync(each).outputFiles))
    files.set(relative('dist', path), text);
  for (const [name, text] of exported()) files.set(name, text);
  files.set('package.json', '{"type":"commonjs"}\n');
  const page = consolePage();
  files.set('console.html', page.html);
  const inputs = { ...metafile.inputs, ...page.metafile.inputs };
  files.set('THIRD-PARTY-LICENSES.txt', licences({ inputs }));
  rmSync('dist', { recursive: true, force: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(`dist/${name}`), { recursive: true });
    writeFileSync(`dist/${name}`, text);
  }
}
