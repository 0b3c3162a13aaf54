// What a data directory costs: sends a second beside an engine in memory; with a large state, the longest wait of a call
// while it is written and compacted, and how long stop and start take.
import { join } from 'node:path';
import { Connection } from './http.mjs';
import { call, s3 } from './requests.mjs';
import { createQueue, fillQueue, sendSteps } from './rows.mjs';

const OBJECT = Buffer.alloc(10_000_000, 'o');
const median = (samples) => [...samples].sort((a, b) => a - b)[samples.length >> 1];
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** The same engine, with a directory to keep its state in. */
export const durable = (engine) => ({
  ...engine,
  command(made, port, folder) {
    const { argv, env } = engine.command(made, port, folder);
    const options = { ...JSON.parse(argv[2]), dataDirectory: join(folder, '..', 'data') };
    return { argv: [argv[0], argv[1], JSON.stringify(options)], env };
  },
});

/** `start(isDurable)` starts an engine. Prints Markdown rows. */
export async function durability(start, generator, settings, note) {
  const lines = [];
  for (const concurrency of [1, 32]) {
    const rates = { memory: [], directory: [] };
    for (let round = 0; round < settings.rounds; round++) {
      for (const kind of ['memory', 'directory'])
        rates[kind].push(await sends(start, generator, settings, kind, concurrency));
    }
    const [memory, directory] = [median(rates.memory), median(rates.directory)].map(Math.round);
    note(`SendMessage, ${concurrency} at a time: ${memory} in memory, ${directory} with a data directory`);
    const ratio = (directory / memory).toFixed(2);
    lines.push(`| SendMessage | ${concurrency} at a time | ${memory} a second | ${directory} a second | ${ratio} |`);
  }
  const memory = await large(start, 'memory', settings, note);
  const directory = await large(start, 'directory', settings, note);
  const what = `${settings.stored.toLocaleString('en-US')} messages, ${settings.objects * 10} MB of objects`;
  for (const row of ['longest call meanwhile', 'stop', 'start again', 'memory then']) {
    lines.push(`| ${row} | ${what} | ${memory[row] ?? '-'} | ${directory[row]} | |`);
  }
  return ['| | | in memory | with a data directory | ratio |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

async function sends(start, generator, { ms, warmUpMs }, kind, concurrency) {
  const running = await start(kind === 'directory');
  const connection = new Connection(running.port);
  try {
    const context = { port: running.port, connection };
    const steps = sendSteps(context, await createQueue(context));
    return await generator.run({ port: running.port, concurrency, ms, warmUpMs, steps });
  } finally {
    connection.close();
    await running.stop(600_000);
  }
}

async function large(start, kind, { stored, objects }, note) {
  const running = await start(kind === 'directory');
  const { port } = running;
  const connections = Array.from({ length: 4 }, () => new Connection(port));
  const context = { port, connection: connections[0] };
  const queue = await createQueue(context);
  const small = await createQueue(context);
  await call(connections[0], s3(port, 'PUT', '/bench-objects'));
  const watch = watchCalls(port, Buffer.from(sendSteps({ port }, small)[0].requests[0], 'base64'));
  const sent = await fillQueue(context, queue, stored, connections, 1_800);
  for (let index = 0; index < objects; index++) {
    await call(connections[0], s3(port, 'PUT', `/bench-objects/${index}`, OBJECT));
  }
  // The last compaction may still run.
  await new Promise((resolve) => setTimeout(resolve, kind === 'directory' ? 15_000 : 0));
  const longest = await watch.stop();
  for (const connection of connections) connection.close();
  const memory = `${Math.round(running.memory() / 1024 / 1024)} MiB`;
  const stopping = performance.now();
  await running.stop(600_000);
  const stop = seconds(performance.now() - stopping);
  note(`${kind}: ${sent} messages, longest call ${Math.round(longest)} ms, ${memory}, stop ${stop}`);
  const result = { 'longest call meanwhile': `${Math.round(longest)} ms`, stop, 'memory then': memory };
  if (kind !== 'directory') return result;
  const again = await start(true, running.folder);
  await again.stop(600_000);
  note(`start again: ${seconds(again.readyMs)}`);
  return { ...result, 'start again': seconds(again.readyMs) };
}

/** Calls again and again, and remembers the longest that it waited for an answer. */
function watchCalls(port, bytes) {
  const connection = new Connection(port);
  let longest = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const started = performance.now();
      await call(connection, bytes);
      longest = Math.max(longest, performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    connection.close();
    return longest;
  })();
  return {
    stop() {
      stopped = true;
      return watching;
    },
  };
}
