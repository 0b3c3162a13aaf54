// Writes the screen of `cliffracer watch` into docs/console.md, from a real run. Usage: npm run build && node scripts/docs/watch.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

const BIN = new URL('../../bin/cliffracer.js', import.meta.url).pathname;
const PAGE = new URL('../../docs/console.md', import.meta.url).pathname;
const SIZE = { cols: 152, rows: 30 };
const BEGIN = '<!-- screen: scripts/docs/watch.mjs -->\n```text\n';
const END = '```\n<!-- end of the screen -->';
const DEADLINE_MS = 30_000;

const home = mkdtempSync(join(tmpdir(), 'cliffracer-docs-'));
const env = { PATH: process.env.PATH, HOME: home, CLIFFRACER_HOME: join(home, 'state'), CLIFFRACER_ENGINE: 'embedded' };
function cliffracer(line) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [BIN, ...line.split(' ')], { env, encoding: 'utf8' });
  // A drain that meets a dead letter ends with 1, one before a held queue with 6.
  if (status !== 0 && !line.startsWith('drain')) throw new Error(`${line} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The screen once it has a text, after keys were pressed. */
async function screen({ cols, rows }, keys, wanted) {
  const shown = new headless.Terminal({ cols, rows, allowProposedApi: true });
  const terminal = spawn(process.execPath, [BIN, 'watch'], { name: 'xterm-256color', cols, rows, env });
  terminal.onData((text) => shown.write(text));
  const lines = () =>
    Array.from({ length: rows }, (_, row) => shown.buffer.active.getLine(row).translateToString(true));
  const until = async (pattern) => {
    for (const started = Date.now(); !pattern.test(lines().join('\n')); ) {
      if (Date.now() - started > DEADLINE_MS) throw new Error(`no ${pattern} in:\n${lines().join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await until(/❯/);
  for (const key of keys) terminal.write(key);
  await until(wanted);
  const text = lines();
  terminal.write('q');
  return text;
}

try {
  const { endpoint } = JSON.parse(cliffracer('up --port 0 --json'));
  env.AWS_ENDPOINT_URL = endpoint;
  cliffracer('order create --customer ada --item laptop-pro:1 --item keyboard:2');
  cliffracer('queue send fulfillment-queue --body nonsense');
  cliffracer('drain');
  cliffracer('queue hold payment-queue');
  cliffracer('order create --customer grace --item tablet-air:1');
  cliffracer('drain order');
  cliffracer('drain inventory');
  const lines = await screen(SIZE, ['l', 'k'], /trace[\s\S]*✓ inventory-service/);
  const text = lines.map((line) => line.replace(new URL(endpoint).host, '127.0.0.1:4566').trimEnd()).join('\n');
  const page = readFileSync(PAGE, 'utf8');
  const [start, stop] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (start < BEGIN.length || stop < start) throw new Error(`${PAGE} has no place for the screen`);
  writeFileSync(PAGE, `${page.slice(0, start)}${text}\n${page.slice(stop)}`);
} finally {
  cliffracer('down --all');
  rmSync(home, { recursive: true, force: true });
}
