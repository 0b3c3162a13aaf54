// What `cliffracer watch` costs: time to the first frame, and processor time while 50 queues change five times a second.
// Usage: npm run build && node bench/watch.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';

const BIN = new URL('../bin/cliffracer.js', import.meta.url).pathname;
const QUEUES = 50;
const STARTS = 9;
const SECONDS = 10;
/** Ticks of /proc/PID/stat in a second (proc(5); USER_HZ is 100 on Linux). */
const TICKS = 100;

const home = mkdtempSync(join(tmpdir(), 'cliffracer-bench-'));
const env = {
  PATH: process.env.PATH,
  HOME: home,
  CLIFFRACER_HOME: join(home, 'state'),
  CLIFFRACER_ENGINE: 'embedded',
  TERM: 'xterm-256color',
};
const cliffracer = (...args) => spawnSync(process.execPath, [BIN, ...args], { env, encoding: 'utf8' });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { endpoint, pid: engine } = JSON.parse(cliffracer('up', '--port', '0', '--no-provision', '--json').stdout);
env.AWS_ENDPOINT_URL = endpoint;
const call = (query) => fetch(`${endpoint}/${query}&Version=2012-11-05`, { method: 'POST' });

function watch() {
  const started = performance.now();
  const terminal = spawn(process.execPath, [BIN, 'watch'], { name: 'xterm-256color', cols: 160, rows: 60, env });
  const shown = new Promise((resolve) => {
    let text = '';
    const stop = terminal.onData((data) => {
      text += data;
      if (!text.includes('queue-00')) return;
      stop.dispose();
      resolve(performance.now() - started);
    });
  });
  return { terminal, shown };
}

const secondsOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

/** Messages are sent until told to stop, so many a second over all queues. */
function sending(perSecond) {
  let sent = 0;
  const timer = setInterval(() => {
    for (let message = 0; message < perSecond / 10; message++) {
      void call(
        `000000000000/queue-${String(sent++ % QUEUES).padStart(2, '0')}?Action=SendMessage&MessageBody=%7B%22id%22%3A${sent}%7D`,
      );
    }
  }, 100);
  return () => clearInterval(timer);
}

async function share(perSecond) {
  const stop = perSecond === 0 ? () => {} : sending(perSecond);
  const { terminal, shown } = watch();
  await shown;
  let frames = 0;
  const counting = terminal.onData((data) => {
    frames += data.split('\u001b[?2026h').length - 1;
  });
  await sleep(2_000);
  frames = 0;
  const before = { watch: secondsOf(terminal.pid), engine: secondsOf(engine), at: performance.now() };
  await sleep(SECONDS * 1_000);
  const passed = (performance.now() - before.at) / 1_000;
  const percent = (pid, since) => Math.round(((secondsOf(pid) - since) / passed) * 1_000) / 10;
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${terminal.pid}/status`, 'utf8'))[1]) / 1_024;
  const row = {
    'messages a second': perSecond,
    'frames a second': Math.round((frames / passed) * 10) / 10,
    'watch, % of a core': percent(terminal.pid, before.watch),
    'engine, % of a core': percent(engine, before.engine),
    'memory, MiB': Math.round(memory),
  };
  counting.dispose();
  terminal.write('q');
  stop();
  await sleep(300);
  return row;
}

try {
  for (let queue = 0; queue < QUEUES; queue++)
    await call(`?Action=CreateQueue&QueueName=queue-${String(queue).padStart(2, '0')}`);
  const times = [];
  for (let start = 0; start < STARTS; start++) {
    const { terminal, shown } = watch();
    times.push(await shown);
    terminal.kill('SIGKILL');
  }
  // What the machine has to give just now.
  const bare = Array.from({ length: STARTS }, () => {
    const started = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - started;
  });
  const median = (values) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]);
  console.log(
    `first frame: ${median(times)} ms (least ${Math.round(Math.min(...times))} ms), node -e 0: ${median(bare)} ms`,
  );
  const rows = [];
  for (const perSecond of [0, 20, 200]) rows.push(await share(perSecond));
  console.table(rows);
} finally {
  cliffracer('down', '--all');
  rmSync(home, { recursive: true, force: true });
}
