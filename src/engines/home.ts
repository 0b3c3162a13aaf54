import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** What `up` remembers of an engine that it started; one file per port. */
export interface EngineRecord {
  engine: string;
  /** Random name of this run of the engine: proves that a process or an endpoint is the one that we started. */
  instance: string;
  pid: number;
  port: number;
  endpoint: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  version: string;
  logFile: string;
}

/** Where the program keeps its files: CLIFFRACER_HOME, else the platform's place for state (XDG Base Directory). */
export function homeDirectory(env: Environment): string {
  if (env.CLIFFRACER_HOME) return env.CLIFFRACER_HOME;
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'cliffracer');
  if (env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'cliffracer');
  return join(env.HOME || homedir(), '.local', 'state', 'cliffracer');
}

export function engineDirectory(home: string): string {
  return join(home, 'engines');
}

const recordFile = (home: string, port: number) => join(engineDirectory(home), `${port}.json`);

export function logFileOf(home: string, port: number): string {
  return join(engineDirectory(home), `${port}.log`);
}

/** Written whole or not at all: a reader never sees half a record. */
export async function writeRecord(home: string, record: EngineRecord): Promise<void> {
  await mkdir(engineDirectory(home), { recursive: true });
  const file = recordFile(home, record.port);
  const draft = `${file}.${record.instance}`;
  await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Removes the record of exactly this run; another run's record at the same port stays. */
export async function removeRecord(home: string, record: Pick<EngineRecord, 'port' | 'instance'>): Promise<void> {
  const present = await readRecord(home, record.port);
  if (present === undefined || present.instance === record.instance) {
    await rm(recordFile(home, record.port), { force: true });
  }
}

export async function readRecord(home: string, port: number): Promise<EngineRecord | undefined> {
  return parseRecord(await readFile(recordFile(home, port), 'utf8').catch(() => ''));
}

/** Every engine that `up` remembers, the latest started first. */
export async function readRecords(home: string): Promise<EngineRecord[]> {
  const names = await readdir(engineDirectory(home)).catch(() => [] as string[]);
  const ports = names.flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const records = await Promise.all(ports.map((port) => readRecord(home, port)));
  return records.filter((record) => record !== undefined).sort((a, b) => b.startedAt - a.startedAt);
}

/** A damaged or foreign file counts as no record: it is never worth failing for. */
function parseRecord(text: string): EngineRecord | undefined {
  try {
    const { engine, instance, pid, port, endpoint, startedAt, version, logFile } = JSON.parse(text);
    const texts = [engine, instance, endpoint, version, logFile].every((field) => typeof field === 'string');
    const numbers = [pid, port, startedAt].every((field) => Number.isSafeInteger(field) && field > 0);
    return texts && numbers ? { engine, instance, pid, port, endpoint, startedAt, version, logFile } : undefined;
  } catch {
    return undefined;
  }
}
