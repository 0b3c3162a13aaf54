// Writes what of the documents is made by machine. Usage: npm run docs [-- --write]
//   docs/coverage.md from the models, docs/templates.md and docs/lint.md from what they list, docs/config.schema.json from the schema of the configuration; with --write also the outputs of the commands in README.md and docs/*.md that are not
//   as they print now. Outputs stay as short as they are: of a page with `…` lines the same lines are left out.
import { spawnSync } from 'node:child_process';

const wanted = process.argv.slice(2);
if (wanted.some((argument) => argument !== '--write')) {
  console.error('usage: npm run docs [-- --write]');
  process.exit(2);
}
const run = (args, env = {}) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  }).status ?? 1;

let code = run([
  'test/emulator/contract/coverage.test.ts',
  'test/config/config.test.ts',
  'test/lab/documents.test.ts',
  '-u',
]);
if (wanted.includes('--write')) {
  code ||= run(['--config', 'vitest.docs.config.ts', '-t', 'prints what the page shows'], {
    CLIFFRACER_DOCS_WRITE: '1',
  });
}
process.exitCode = code;
