#!/usr/bin/env node
// Wires the program to this process: streams, signals, clock. Everything else is in dist/ (from src/).
'use strict';
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // What scripts ask most often, answered before anything else is loaded.
  writeSync(1, `${JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')).version}\n`);
  process.exit();
}

require('node:module').enableCompileCache?.();
// The SDK's notice about old Node.js versions is for its own users, not for ours; read when a client is first made.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
/** Read at first use: most commands need no randomness, and reading it takes a tenth of a bare start. */
const crypto = () => require('node:crypto');

const interrupt = new AbortController();
/** The program that `run` waits for: signals are for it. */
let child;
process.on('SIGINT', () => {
  // A terminal sends it to the whole group, the program among them.
  if (child !== undefined) return void (process.stdin.isTTY || child.kill('SIGINT'));
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort(new Error('interrupted'));
});
process.on('SIGTERM', () => {
  if (child !== undefined) child.kill('SIGTERM');
  else interrupt.abort(new Error('terminated'));
});

/** Runs a program with our streams and hands signals on to it; rejects when it cannot be started. */
const run = (command, args, env) =>
  new Promise((resolve, reject) => {
    child = require('node:child_process').spawn(command, args, { env, stdio: 'inherit' });
    const passed = ['SIGHUP', 'SIGQUIT', 'SIGUSR2'].map((signal) => [signal, () => child?.kill(signal)]);
    for (const [signal, pass] of passed) process.on(signal, pass);
    const end = (settle) => {
      child = undefined;
      for (const [signal, pass] of passed) process.off(signal, pass);
      settle();
    };
    child.once('error', (error) => end(() => reject(error)));
    child.once('exit', (code, signal) =>
      end(() => resolve(code ?? 128 + require('node:os').constants.signals[signal])),
    );
  });

const watched = (stream) =>
  stream.on('error', (error) => {
    // A terminal that was closed answers EIO.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    interrupt.abort(error);
  });
/** Resolves once a pipe's reader has taken what was written, or is gone: `process.exit` drops what waits in between. */
const flushed = (stream) =>
  new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) return resolve();
    stream.once('close', resolve).write('', () => resolve());
  });
/** Each stream is opened when it is first asked for: that takes up to two milliseconds, and no command needs all three. */
const streams = {};
let input;
const io = {
  get stdin() {
    // A terminal that is closed while nobody reads from it is no failure of ours either.
    input ??= watched(process.stdin);
    return input;
  },
  get stdout() {
    streams.stdout ??= watched(process.stdout);
    return streams.stdout;
  },
  get stderr() {
    streams.stderr ??= watched(process.stderr);
    return streams.stderr;
  },
};

const world = {
  argv,
  env: process.env,
  io,
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
    engineEntry: join(__dirname, '../dist/engine.js'),
    kill: (pid, signal) => void process.kill(pid, signal),
    run,
    cwd: () => process.cwd(),
    nodeVersion: process.versions.node,
    importModule: (file) => import(pathToFileURL(file).href),
    onSignal: (signal, run) => {
      process.on(signal, run);
      return () => void process.off(signal, run);
    },
    atExit: (run) => process.on('exit', run),
    endOnHangup: () => void process.on('SIGHUP', () => interrupt.abort(new Error('hung up'))),
    uuid: () => crypto().randomUUID(),
    bytes: (count) => crypto().randomBytes(count),
  },
  signal: interrupt.signal,
};

require('../dist/main.js')
  .main(world)
  .then((code) => {
    process.exitCode = code;
    // Calls that an interrupted command left under way would hold the process for as long as they take.
    if (interrupt.signal.aborted) Promise.all(Object.values(streams).map(flushed)).then(() => process.exit());
  });
