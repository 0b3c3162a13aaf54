// npm run bench [-- --quick]: what the program costs, as a Markdown table. Everything in one table is measured in one
// run, and ratios are between medians of runs that took turns, so that a busy machine slows both sides alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { coldStart } from './cold-start.mjs';
import { orders } from './orders.mjs';
import { startUp } from './start-up.mjs';

const ROOT = join(import.meta.dirname, '..');
const quick = process.argv.includes('--quick');
const settings = quick ? { rounds: 3, size: 100 } : { rounds: 21, size: 1_000 };

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The shop in one file, as the program's own build would have it. */
async function loadShop(directory) {
  const outfile = join(directory, 'shop.mjs');
  const banner =
    "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' };
  await build({ ...options, entryPoints: [join(ROOT, 'bench', 'shop.ts')], outfile, banner: { js: banner } });
  return import(pathToFileURL(outfile).href);
}

function machine() {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return `${cpu.model.trim()}, ${cpus().length} cores, ${memory}, ${process.platform}, Node.js ${process.versions.node}`;
}

function table(rows) {
  const verdict = ({ target, reached }) => (target === undefined ? '' : reached ? 'yes' : '**no**');
  const cells = rows.map((row) => [row.what, row.value, row.target ?? '', verdict(row)]);
  const lines = [['What', 'Median', 'Target', 'Reached'], ['---', '---', '---', '---'], ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const directory = mkdtempSync(join(tmpdir(), 'cliffracer-bench-'));
try {
  const { openShop } = await loadShop(directory);
  const rows = [];
  for (const part of [coldStart, startUp, orders]) {
    process.stderr.write(`${part.name} ...\n`);
    rows.push(...(await part({ ...settings, openShop })));
  }
  console.log(`\`npm run bench${quick ? ' -- --quick' : ''}\` on ${machine()}\n\n${table(rows)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
