// npm run bench:engine [-- --durability] [-- --quick] [-- --only cliffracer,moto] [-- --rows SendMessage] [-- --work DIR]
// The embedded engine beside other engines: all are started, and each row is measured on one after the other, so that what
// stands beside each other was measured within the same minute. Prints Markdown.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reservePort } from '../../scripts/ports.mjs';
import { durability, durable } from './durability.mjs';
import { ENGINES, startEngine } from './engines.mjs';
import { Generator } from './generator.mjs';
import { growth } from './growth.mjs';
import { Connection } from './http.mjs';
import { footprint } from './memory.mjs';
import { FAR_BEHIND, printReport } from './report.mjs';
import { answers } from './requests.mjs';
import { ROWS } from './rows.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rows: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'cliffracer-bench') },
    'no-growth': { type: 'boolean', default: false },
    // Only what a data directory costs: takes minutes, and 3 GB of disk.
    durability: { type: 'boolean', default: false },
  },
});
const settings = values.quick
  ? { ms: 700, warmUpMs: 300, rounds: 1, starts: 1, messages: 20_000, stored: 100_000, objects: 5 }
  : { ms: 1_200, warmUpMs: 500, rounds: 5, starts: 5, messages: 100_000, stored: 1_000_000, objects: 50 };
const CONCURRENCIES = [1, 32];

const chosen = (list, wanted) =>
  wanted === undefined ? list : list.filter(({ name }) => wanted.split(',').some((part) => name.startsWith(part)));
const note = (text) => process.stderr.write(`${text}\n`);
const median = (samples) => [...samples].sort((a, b) => a - b)[samples.length >> 1];

/** Installs an engine; one that cannot be had here is left out, and said to be. */
function prepared(engine) {
  note(`preparing ${engine.name}`);
  try {
    return [{ engine, made: engine.prepare(values.work) }];
  } catch (error) {
    note(`  left out: ${error.message}`);
    return [];
  }
}

async function start({ engine, made }, folder = mkdtempSync(join(runFolder, 'engine-'))) {
  const { port } = await reservePort();
  const answering = (at) => answers(at, engine.services[0]);
  const running = await startEngine(engine, made, { port, folder, work: values.work, answers: answering });
  return { ...running, port };
}

/** Median time to ready, and memory, each on an engine of its own. */
async function startUps(candidate) {
  const samples = [];
  for (let count = 0; count < settings.starts; count++) {
    const running = await start(candidate);
    samples.push(running.readyMs);
    await running.stop();
  }
  return { readyMs: median(samples) };
}

async function measure(row, { engine, running }, concurrency, ms) {
  const connection = new Connection(running.port);
  const context = { port: running.port, account: engine.account, connection };
  try {
    const place = await row.prepare?.(context);
    const job = { port: running.port, concurrency, ms, warmUpMs: settings.warmUpMs, steps: undefined };
    if (row.fill !== undefined) {
      await row.fill(context, place, 400);
      const steps = await row.steps(context, place);
      const rate = await generator.run({ ...job, ms: 100, warmUpMs: 0, steps });
      await row.fill(context, place, Math.ceil((rate * 2 * (ms + settings.warmUpMs)) / 1000) + 400);
    }
    return await generator.run({ ...job, steps: await row.steps(context, place) });
  } finally {
    connection.close();
  }
}

const has = (row, { engine }) =>
  row.services.every((service) => engine.services.includes(service)) && !row.without?.includes(engine.name);

/** Where no further round could change the verdict, none is taken. */
const isFarBehind = ([rate], [own]) => rate < own / FAR_BEHIND;

async function measureRow(row, candidates, concurrency) {
  const rates = new Map(candidates.map(({ engine }) => [engine.name, []]));
  const own = rates.get('cliffracer') ?? [];
  const failed = new Set();
  for (let round = 0; round < settings.rounds; round++) {
    for (const candidate of candidates) {
      const samples = rates.get(candidate.engine.name);
      if (!has(row, candidate) || failed.has(candidate) || isFarBehind(samples, own)) continue;
      try {
        samples.push(await measure(row, candidate, concurrency, settings.ms));
      } catch (error) {
        note(`  ${row.name} on ${candidate.engine.name}: ${error.message}`);
        // One that does not answer is not waited for in every round.
        failed.add(candidate);
      }
    }
  }
  return rates;
}

async function measureRows(candidates) {
  const results = [];
  for (const row of chosen(ROWS, values.rows)) {
    for (const concurrency of CONCURRENCIES) {
      const rates = await measureRow(row, candidates, concurrency);
      const medians = new Map(
        [...rates].map(([name, samples]) => [name, samples.length === 0 ? undefined : median(samples)]),
      );
      note(
        `${row.name}, ${concurrency} at a time: ${[...medians].map(([name, rate]) => `${name} ${Math.round(rate ?? 0)}`).join(', ')}`,
      );
      results.push({ row: row.name, concurrency, medians });
    }
  }
  return results;
}

/** What a data directory costs this engine. */
async function ownDurability() {
  const [own] = ENGINES.flatMap((engine) => (engine.name === 'cliffracer' ? prepared(engine) : []));
  const kept = { ...own, engine: durable(own.engine) };
  const startOne = (isDurable, folder = join(mkdtempSync(join(runFolder, 'durable-')), 'home')) =>
    start(isDurable ? kept : own, folder);
  return durability(startOne, generator, settings, note);
}

async function compareEngines() {
  const candidates = chosen(ENGINES, values.only).flatMap(prepared);
  for (const candidate of candidates) {
    note(`starting ${candidate.engine.name}`);
    Object.assign(candidate, await startUps(candidate));
    candidate.footprint = await footprint(() => start(candidate), candidate.engine, settings.messages);
    note(`  ${Math.round(candidate.readyMs)} ms, ${JSON.stringify(candidate.footprint)}`);
  }
  for (const candidate of candidates) {
    candidate.running = await start(candidate);
    running.push(candidate.running);
  }
  const rows = await measureRows(candidates);
  const own = candidates.find(({ engine }) => engine.name === 'cliffracer');
  const grown =
    own === undefined || values['no-growth'] ? [] : await growth(() => start(own), generator, settings, note);
  const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node.js ${process.versions.node}`;
  return printReport({ candidates, rows, grown, machine, settings, quick: values.quick });
}

mkdirSync(values.work, { recursive: true });
const runFolder = mkdtempSync(join(values.work, 'run-'));
const generator = new Generator();
const running = [];
try {
  process.stdout.write(values.durability ? await ownDurability() : await compareEngines());
} finally {
  generator.stop();
  await Promise.all(running.map((one) => one.stop()));
  rmSync(runFolder, { recursive: true, force: true });
}
