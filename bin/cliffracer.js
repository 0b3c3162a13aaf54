#!/usr/bin/env node
// Wires the program to this process: streams, signals, clock. Everything else is in dist/ (from src/).
'use strict';
const { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // What scripts ask most often, answered before anything else is loaded.
  writeSync(1, `${JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')).version}\n`);
  process.exit();
}

// Node.js 20 has none, and takes half a millisecond to say so.
if (Number.parseInt(process.versions.node, 10) >= 22) require('node:module').enableCompileCache?.();
// The SDK's notice about old Node.js versions is for its own users, not for ours; read when a client is first made.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
/** Of the kernel's generator where it is a file: Node's way to it takes 3 ms to load, a tenth of a bare start. */
const randomBytes = (count) => {
  let file;
  try {
    file = openSync('/dev/urandom', 'r');
    const bytes = Buffer.alloc(count);
    if (readSync(file, bytes) === count) return bytes;
  } catch {
    // Windows has no such file.
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return require('node:crypto').randomBytes(count);
};
/** Version 4 of RFC 9562. */
const uuid = () => {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

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
/** Node's streams, each opened when it is first needed: that takes two milliseconds, and twice as many for the first. */
const streams = {};
const opened = (name) => {
  streams[name] ??= watched(process[name]);
  return streams[name];
};

/** So much is written without a stream: an empty pipe takes four times as much at once. */
const AT_ONCE = 16_384;

/** A pipe or a file, which gets a stream when more is written than a short answer, or when it cannot take that at once. */
class Output {
  #name;
  #fd;
  #left = AT_ONCE;
  #gone = false;

  constructor(name, fd) {
    this.#name = name;
    this.#fd = fd;
  }

  get destroyed() {
    return this.#gone || streams[this.#name]?.destroyed === true;
  }

  write(text) {
    const bytes = Buffer.from(text);
    const written = streams[this.#name] === undefined ? this.#atOnce(bytes) : 0;
    return this.#gone || written === bytes.length || opened(this.#name).write(bytes.subarray(written));
  }

  #atOnce(bytes) {
    this.#left -= bytes.length;
    let written = 0;
    try {
      while (this.#left >= 0 && written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      if (error.code !== 'EPIPE' && error.code !== 'EAGAIN') throw error;
      this.#gone = error.code === 'EPIPE';
      if (this.#gone) interrupt.abort(error);
    }
    return written;
  }

  once(event, run) {
    return opened(this.#name).once(event, run);
  }

  on(event, run) {
    return opened(this.#name).on(event, run);
  }

  off(event, run) {
    return opened(this.#name).off(event, run);
  }
}

/** A terminal has a stream of Node's from the beginning, and so has what is closed. */
const isPlain = (fd) => {
  if (process.platform === 'win32') return false;
  try {
    const found = fstatSync(fd);
    return found.isFIFO() || found.isSocket() || found.isFile();
  } catch {
    return false;
  }
};
const outputs = {};
const outputOf = (name, fd) => {
  outputs[name] ??= isPlain(fd) ? new Output(name, fd) : opened(name);
  return outputs[name];
};
let input;
const io = {
  get stdin() {
    // A terminal that is closed while nobody reads from it is no failure of ours either.
    input ??= watched(process.stdin);
    return input;
  },
  get stdout() {
    return outputOf('stdout', 1);
  },
  get stderr() {
    return outputOf('stderr', 2);
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
    importModule: (file) => import(require('node:url').pathToFileURL(file).href),
    onSignal: (signal, run) => {
      process.on(signal, run);
      return () => void process.off(signal, run);
    },
    atExit: (run) => process.on('exit', run),
    endOnHangup: () => void process.on('SIGHUP', () => interrupt.abort(new Error('hung up'))),
    uuid,
    bytes: randomBytes,
  },
  signal: interrupt.signal,
  helpDirectory: join(__dirname, '../dist/help'),
};

require('../dist/main.js')
  .main(world)
  .then((code) => {
    process.exitCode = code;
    // Node would end by itself, but take its time to clear the memory first, and wait for calls that an interrupted command
    // left under way.
    Promise.all(Object.values(streams).map(flushed)).then(() => process.exit());
  });
