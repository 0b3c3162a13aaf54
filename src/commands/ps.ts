import { Command } from 'commander';
import type { App } from '../app.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { type EngineRecord, readRecords } from '../engines/home.ts';
import { isRunning } from '../engines/liveness.ts';
import { probe } from '../engines/probe.ts';
import { topicNames } from '../engines/stacks.ts';
import { DEFAULT_STACK, stackNames } from '../shop/stack/names.ts';
import { type EngineRow, enginesView } from '../views/engines.ts';

export function psCommand(app: App): Command {
  return new Command('ps').addHelpText('after', '\nExample:\n  $ cliffracer ps --json').action(async () => {
    await app.print.result(await ps(app), enginesView);
  });
}

/** Every engine that `up` started and the one at the endpoint in use, with the stacks on each. */
export async function ps(app: App): Promise<{ engines: EngineRow[] }> {
  const [records, current] = await Promise.all([readRecords(app.home), app.endpoint()]);
  const ours = records.map((record) => ({ endpoint: record.endpoint, record }));
  const others = ours.some(({ endpoint }) => endpoint === current.value) ? [] : [{ endpoint: current.value }];
  const rows = await Promise.all([...ours, ...others].map((each) => row(app, each, each.endpoint === current.value)));
  return { engines: rows.filter((each) => each !== undefined) };
}

async function row(
  app: App,
  { endpoint, record }: { endpoint: string; record?: EngineRecord },
  current: boolean,
): Promise<EngineRow | undefined> {
  const found = await probe(endpoint, app.clock.now);
  if (found.answer !== 'engine' && record === undefined) return undefined;
  const about = {
    endpoint,
    current,
    ours: record !== undefined,
    startedAt: record && new Date(record.startedAt).toISOString(),
  };
  const place = { pid: record?.pid, container: record?.container?.name, manager: record?.manager?.command };
  if (found.answer === 'engine') {
    const region = resolveRegion(app.globals.region, app.env).value;
    const stacks = (await topicNames(endpoint, region))?.flatMap(stackOf).sort();
    return { ...about, ...place, engine: found.kind, version: found.version, state: 'running', stacks };
  }
  const runs = await isRunning(record!, app.env);
  const state = runs === undefined ? 'unknown' : runs ? 'does not answer' : 'ended';
  return {
    ...about,
    ...place,
    engine: record!.engine,
    version: record!.version || undefined,
    state,
    stacks: undefined,
  };
}

/** The stack that a topic belongs to, by its name. */
function stackOf(topic: string): string[] {
  const plain = stackNames().topic;
  if (topic === plain) return [DEFAULT_STACK];
  return topic.endsWith(`-${plain}`) ? [topic.slice(0, -plain.length - 1)] : [];
}
