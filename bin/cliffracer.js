#!/usr/bin/env node
// Wires the program to this process: streams, signals, clock. Everything else is in dist/ (from src/).
import { readFileSync, writeSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // What scripts ask most often, answered before anything else is loaded.
  writeSync(1, `${JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version}\n`);
  process.exit();
}

module.enableCompileCache?.();
/** Read at first use: most commands need no randomness, and reading it takes a tenth of a bare start. */
const crypto = () => process.getBuiltinModule('node:crypto');
// The SDK's notice about old Node.js versions is for its own users, not for ours; read when a client is first made.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await import('../dist/main.js');

const interrupt = new AbortController();
process.on('SIGINT', () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort(new Error('interrupted'))));
process.on('SIGTERM', () => interrupt.abort(new Error('terminated')));
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt.abort(error);
  });
}

process.exitCode = await main({
  argv,
  env: process.env,
  io: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        if (signal?.aborted) done();
        else signal?.addEventListener('abort', done);
      }),
  },
  system: {
    execPath: process.execPath,
    engineEntry: join(import.meta.dirname, '../dist/engine.js'),
    kill: (pid, signal) => void process.kill(pid, signal),
    cwd: () => process.cwd(),
    nodeVersion: process.versions.node,
    uuid: () => crypto().randomUUID(),
    bytes: (count) => crypto().randomBytes(count),
  },
  signal: interrupt.signal,
});
// Calls that an interrupted command left under way would hold the process for as long as they take.
if (interrupt.signal.aborted) process.exit();
