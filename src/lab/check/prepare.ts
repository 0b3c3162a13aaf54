import { CliffracerError } from '../../errors.ts';
import type { CheckOptions } from './options.ts';
import { receiversAt, SLICE_MS } from './watch.ts';
import type { Contents, LabWorld } from './world.ts';

/** Consumers that poll have shown themselves after this time. */
const SHOWN_MS = 300;
/** Those that received from a queue some time ago ask again within this time, if they still run. */
const ASKS_AGAIN_MS = 3_000;

/** Brings the world to where each run starts: messages wait in held queues, and consumers ask for them. */
export async function prepare(world: LabWorld, options: CheckOptions): Promise<void> {
  const { scenario, consumers } = options;
  const holdAll = async () => {
    for (const { name } of await world.queues()) await world.hold(name);
  };
  await holdAll();
  if (typeof scenario === 'function') await scenario();
  else for (const message of scenario ?? []) await world.send(message);
  const before = consumers?.forget === true ? await pollers(world) : new Map<string, number>();
  await consumers?.start();
  await untilAsked(world, options);
  await refuseOthers(world, before);
  // Of queues that scenario or consumers have made.
  await holdAll();
}

/** Long polls that wait, by queue. One whose program has just been ended goes within a moment. */
async function pollers(world: LabWorld): Promise<Map<string, number>> {
  const { signal } = new AbortController();
  const found = new Map<string, number>();
  for (const { name } of await world.queues()) {
    if ((await world.receivers(name, 1, 1)) === 0) continue;
    await world.pass(SHOWN_MS, signal);
    const count = await world.receivers(name, 1, 1);
    if (count > 0) found.set(name, count);
  }
  return found;
}

/** Two programs at one queue share its messages by chance, and only one of them would be what is checked. */
async function refuseOthers(world: LabWorld, before: ReadonlyMap<string, number>): Promise<void> {
  for (const [queue, count] of before) {
    if ((await world.receivers(queue, count + 1, ASKS_AGAIN_MS)) <= count) continue;
    throw new CliffracerError(
      'not_settled',
      `another program receives from ${queue} beside the consumer of this check`,
      {
        hint: 'end it, such as `cliffracer dev` in another terminal, or check what runs: cliffracer check --running',
      },
    );
  }
}

/** The world without the messages that wait in it: they are no part of a scenario, and stay held where they are. */
export async function withoutWaiting(world: LabWorld): Promise<LabWorld> {
  const before = new Set(
    Object.values(await world.waiting()).flatMap((all) => all.map(({ message_id }) => message_id)),
  );
  const without = (queues: Contents['queues']): Contents['queues'] =>
    Object.fromEntries(
      Object.entries(queues).map(([name, all]) => [name, all.filter(({ message_id }) => !before.has(message_id))]),
    );
  return {
    ...world,
    waiting: async () => without(await world.waiting()),
    contents: async (include) => {
      const contents = await world.contents(include);
      return { ...contents, queues: without(contents.queues) };
    },
  };
}

async function inputsOf(world: LabWorld): Promise<string[]> {
  const waiting = await world.waiting();
  const inputs = Object.keys(waiting).filter((name) => waiting[name]!.length > 0);
  if (inputs.length === 0) throw nothingWaits();
  return inputs;
}

/** What consumers do when they start, such as making tables, belongs to the start of each run. */
async function untilAsked(world: LabWorld, { patienceMs, signal }: CheckOptions): Promise<void> {
  const inputs = await inputsOf(world);
  const { next } = await world.calls.page({ last: true, limit: 1 });
  for (let waited = 0; waited < patienceMs; waited += SLICE_MS) {
    const asked = await Promise.all(
      inputs.map((name) => receiversAt(world, name, next, { patienceMs: SLICE_MS, signal })),
    );
    if (asked.every((count) => count !== undefined)) return;
    if (asked.some((count) => count !== undefined) && waited >= 2 * SLICE_MS) return;
  }
}

/**
 * Queues that nobody receives from; where nobody asks for anything, they are not told apart. Whoever received there before
 * `start`, a cursor of the call log, may have ended since: one that polls now and then is given time to ask again.
 */
export async function findOutputs(
  world: LabWorld,
  { watches, signal, patienceMs }: CheckOptions,
  start: number,
): Promise<ReadonlySet<string>> {
  const inputs = await inputsOf(world);
  if (watches) await world.pass(SHOWN_MS, signal);
  const states = (await world.calls.queues()).filter(({ dead_letters_of }) => dead_letters_of.length === 0);
  const patience = { patienceMs: watches ? Math.min(patienceMs, ASKS_AGAIN_MS) : SLICE_MS, signal };
  const isSilent = await Promise.all(
    states.map(async ({ name, consumers }) => {
      if ((await world.receivers(name, 1, 1)) > 0) return false;
      return consumers.length === 0 || (await receiversAt(world, name, start, patience)) === undefined;
    }),
  );
  const silent = states.map(({ name }) => name).filter((_, index) => isSilent[index]);
  return new Set(inputs.every((name) => silent.includes(name)) ? [] : silent);
}

export function nothingWaits(): CliffracerError {
  return new CliffracerError('not_settled', 'no message waits in any queue, so there is nothing to check', {
    hint: 'hold the queue, so that consumers leave them, and send some: cliffracer queue hold QUEUE, cliffracer queue send QUEUE --body …',
  });
}
