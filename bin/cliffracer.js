#!/usr/bin/env node
// Wires the program to this process: streams, signals, clock. Everything else is in dist/ (from src/).
import { randomBytes, randomUUID } from 'node:crypto';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

module.enableCompileCache?.();
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
  argv: process.argv.slice(2),
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
    engineEntry: fileURLToPath(new URL('../dist/engine.js', import.meta.url)),
    kill: (pid, signal) => void process.kill(pid, signal),
    cwd: () => process.cwd(),
    nodeVersion: process.versions.node,
    uuid: () => randomUUID(),
    bytes: (count) => randomBytes(count),
  },
  signal: interrupt.signal,
});
// Calls that an interrupted command left under way would hold the process for as long as they take.
if (interrupt.signal.aborted) process.exit();
