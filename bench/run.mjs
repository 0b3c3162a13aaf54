// npm run bench [-- --quick] [-- --only audit,chaos]: what the program costs, as a Markdown table. Everything in one table
// is measured in one run, and ratios are between medians of runs that took turns, so that a busy machine slows both sides
// alike.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { audit } from './audit.mjs';
import { chaos } from './chaos.mjs';
import { coldStart } from './cold-start.mjs';
import { mapping } from './mapping.mjs';
import { orders } from './orders.mjs';
import { redrive } from './redrive.mjs';
import { rivals } from './rivals.mjs';
import { startUp } from './start-up.mjs';
import { testing } from './testing.mjs';
import { workers } from './workers.mjs';

const PARTS = { start: coldStart, rivals, up: startUp, orders, workers, mapping, testing, audit, redrive, chaos };

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const settings = values.quick ? { rounds: 3, size: 100 } : { rounds: 21, size: 1_000 };
const chosen = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`no part ${JSON.stringify(unknown)}; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

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

const rows = [];
for (const name of chosen) {
  const started = performance.now();
  rows.push(...(await PARTS[name](settings)));
  process.stderr.write(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
const line = `npm run bench${values.quick ? ' -- --quick' : ''}`;
console.log(`\`${line}\` on ${machine()}\n\n${table(rows)}`);
