/**
 * `npm run fuzz`: the engine, in a process of its own, is sent requests that no sound client would send. It must answer
 * all of them as AWS could, forget them, and leave other clients alone. The same seed sends the same requests.
 */
import { parseArgs } from 'node:util';
import { bytesOf, Connection } from './connection.ts';
import { controlRequest } from './control.ts';
import { Dice } from './dice.ts';
import type { Health } from './engine.ts';
import { sendHeavy } from './heavy.ts';
import { sendHostile } from './hostile.ts';
import { loadModels, type Models } from './models.ts';
import { damage } from './mutate.ts';
import { HANG_MS, newTally, sendAll, type Tally } from './phase.ts';
import { printTable } from './report.ts';
import { sendSlowly } from './slow.ts';
import { StructuredRequests } from './structured.ts';
import { Subject } from './subject.ts';
import { makeWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    connections: { type: 'string', default: '8' },
    engine: { type: 'string' },
    phase: { type: 'string' },
  },
});
const requests = Number(values.requests);
const seed = Number(values.seed);
const connections = Number(values.connections);
if (![requests, seed, connections].every(Number.isSafeInteger)) throw new Error('numbers are whole numbers');

interface Phase {
  name: string;
  /** Of all requests, how many. */
  share: number;
  /** Whether what other clients own must be as before; the control interface is there to change it. */
  spares: boolean;
  run(subject: Subject, tally: Tally, count: number, dice: Dice, models: Models): Promise<void>;
}

const PHASES: readonly Phase[] = [
  {
    name: 'structured',
    share: 0.68,
    spares: true,
    async run({ port }, tally, count, dice, models) {
      const source = new StructuredRequests(dice, models);
      const next = () => {
        const request = source.next();
        return { bytes: bytesOf(request), request };
      };
      await sendAll(port, tally, { count, connections }, next, (_request, outcome) => source.learn(outcome));
    },
  },
  {
    name: 'damaged bytes',
    share: 0.22,
    spares: true,
    async run({ port }, tally, count, dice, models) {
      const source = new StructuredRequests(dice, models);
      const next = () => {
        const request = damage(dice, source.next(0.1));
        return { bytes: bytesOf(request), request };
      };
      await sendAll(port, tally, { count, connections }, next);
    },
  },
  {
    name: 'hostile connections',
    share: 0.05,
    spares: true,
    async run({ port }, tally, count, dice) {
      let left = count;
      const worker = async () => {
        while (left-- > 0 && tally.failures.length < 20) await sendHostile(port, tally, dice);
      };
      await Promise.all(Array.from({ length: connections * 8 }, worker));
    },
  },
  {
    name: 'slow and half-open clients',
    share: 0.002,
    spares: true,
    run({ port }, tally, count, dice, models) {
      const source = new StructuredRequests(dice, models);
      return sendSlowly(port, tally, Math.min(count, 500), () => source.next(0));
    },
  },
  { name: 'heavy requests', share: 0, spares: true, run: sendHeavy },
  {
    name: 'control interface',
    share: 0.048,
    spares: false,
    async run({ port }, tally, count, dice) {
      const next = () => {
        const request = controlRequest(dice);
        return { bytes: bytesOf(request), request };
      };
      await sendAll(port, tally, { count, connections: 1 }, next);
    },
  },
];

export interface PhaseResult {
  tally: Tally;
  seconds: number;
  before: Health;
  after: Health | undefined;
}

async function runPhase(phase: Phase, subject: Subject, models: Models): Promise<PhaseResult> {
  const tally = newTally(phase.name);
  const setup = new Connection(subject.port, HANG_MS);
  await makeWorld(models, setup);
  const before = await subject.health();
  if (before === undefined) throw new Error('the engine does not say how it is');
  const started = performance.now();
  await phase.run(subject, tally, Math.max(1, Math.round(requests * phase.share)), new Dice(seed), models);
  const seconds = (performance.now() - started) / 1000;
  const atEnd = await subject.health();
  if (atEnd === undefined) tally.failures.push('the engine ended, or does not answer any more');
  else {
    tally.failures.push(...atEnd.errors.map((error) => `error in the engine: ${error}`));
    if (phase.spares && atEnd.witness !== before.witness) tally.failures.push('what another client owns has changed');
    await makeWorld(models, setup).catch((error: Error) => tally.failures.push(error.message));
  }
  setup.close();
  return { tally, seconds, before, after: await subject.health() };
}

async function run(engine: string): Promise<boolean> {
  const models = await loadModels();
  const subject = await Subject.start(engine, seed);
  try {
    // Once for nothing: what is compiled and cached at first use is no leak.
    const warmUp = newTally('warm-up');
    for (const phase of PHASES.slice(0, 2))
      await phase.run(subject, warmUp, Math.min(5_000, requests), new Dice(seed + 1), models);
    const results: PhaseResult[] = [];
    for (const phase of PHASES.filter(({ name }) => values.phase === undefined || name.startsWith(values.phase))) {
      results.push(await runPhase(phase, subject, models));
      if (!subject.alive) break;
    }
    return printTable(results, models, { seed });
  } finally {
    subject.stop();
  }
}

process.exitCode = (await run(values.engine!)) ? 0 : 1;
