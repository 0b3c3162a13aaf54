import { promises as files, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import { isLoopback, portOf } from './ports.ts';
import { makePrivateDirectory, readOwnFile } from './state-files.ts';

/** A container that `up` made. The label `cliffracer.instance` on it proves that it is the one of its record. */
export interface ContainerRef {
  runtime: 'docker' | 'podman';
  name: string;
  image: string;
}

/** An engine that was started, and is stopped, by its maker's own command, such as `lstk`. */
export interface ManagerRef {
  command: string;
  stop: string[];
  logs: string[];
  /** Variables by which the command knows which engine is meant. */
  settings: Record<string, string>;
}

/** What `up` remembers of an engine that it started; one file per port. */
export interface EngineRecord {
  engine: string;
  /** Random name of this run of the engine: proves that a process or an endpoint is the one that we started. */
  instance: string;
  port: number;
  endpoint: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  version: string;
  /** Of an engine that runs as a process of ours. */
  pid?: number;
  /** When that process began, as the system counts it; absent where the system does not tell. */
  processStart?: string | undefined;
  logFile?: string;
  /** Where the embedded engine keeps its state. */
  dataDirectory?: string | undefined;
  /** PEM: whom clients have to trust for HTTPS; absent where the engine serves none. */
  authorityFile?: string;
  /** Where the embedded engine's generator started; absent where it went on from a kept state. */
  seed?: number;
  container?: ContainerRef;
  manager?: ManagerRef;
}

/** Of an engine that is a process of this machine. */
export type ProcessRecord = EngineRecord & { pid: number };

/** Where the program keeps its files: CLIFFRACER_HOME, else the platform's place for state (XDG Base Directory). */
export function homeDirectory(env: Environment): string {
  // An engine runs in a directory of its own, where a relative path would lead elsewhere.
  if (env.CLIFFRACER_HOME) return resolve(env.CLIFFRACER_HOME);
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

/** For what an engine wants to keep in files while it runs. */
export function scratchOf(home: string, port: number): string {
  return join(engineDirectory(home), `${port}.files`);
}

/** Written whole or not at all: a reader never sees half a record. */
export async function writeRecord(home: string, record: EngineRecord): Promise<void> {
  await makePrivateDirectory(engineDirectory(home));
  const file = recordFile(home, record.port);
  const draft = `${file}.${record.instance}`;
  await files.writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await files.rename(draft, file);
}

/** Removes the record of exactly this run; another run's record at the same port stays. */
export async function removeRecord(home: string, record: Pick<EngineRecord, 'port' | 'instance'>): Promise<void> {
  const present = await readRecord(home, record.port);
  if (present === undefined || present.instance === record.instance) {
    await files.rm(recordFile(home, record.port), { force: true });
    // What a container wrote there as root may not be ours to remove.
    await files.rm(scratchOf(home, record.port), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Read at once: for a file this small the way over a thread, and to load `fs/promises`, takes longer than the file. */
export async function readRecord(home: string, port: number): Promise<EngineRecord | undefined> {
  try {
    return parseRecord(readOwnFile(recordFile(home, port)), port);
  } catch {
    return undefined;
  }
}

/** Every engine that `up` remembers, the latest started first. */
export async function readRecords(home: string): Promise<EngineRecord[]> {
  const names = filesIn(engineDirectory(home));
  const ports = names.flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const records = await Promise.all(ports.map((port) => readRecord(home, port)));
  return records.filter((record) => record !== undefined).sort((a, b) => b.startedAt - a.startedAt);
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const text = (value: unknown): value is string => typeof value === 'string';
const positive = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const texts = (value: unknown): value is string[] => Array.isArray(value) && value.every(text);

/** Names of runs are UUIDs: a shorter text could be part of a stranger's command line. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A damaged or foreign file counts as no record: it is never worth failing for. */
function parseRecord(source: string, ofPort: number): EngineRecord | undefined {
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(source);
  } catch {
    return undefined;
  }
  const { engine, instance, port, endpoint, startedAt, version } = read ?? {};
  if (!text(engine) || !text(instance) || !text(endpoint) || !text(version)) return undefined;
  if (!UUID.test(instance) || port !== ofPort || !positive(startedAt) || !onThisMachine(endpoint, port))
    return undefined;
  const container = containerRef(read.container);
  const manager = managerRef(read.manager);
  if (!positive(read.pid) && container === undefined && manager === undefined) return undefined;
  return {
    ...{ engine, instance, port, endpoint, startedAt, version },
    ...(positive(read.pid) && { pid: read.pid }),
    ...(text(read.processStart) && { processStart: read.processStart }),
    ...(text(read.logFile) && { logFile: read.logFile }),
    ...(text(read.dataDirectory) && { dataDirectory: read.dataDirectory }),
    ...(text(read.authorityFile) && { authorityFile: read.authorityFile }),
    ...(container && { container }),
    ...(manager && { manager }),
  };
}

/** What `up` starts listens on loopback, at the port that names the record's file. */
function onThisMachine(endpoint: string, port: number): boolean {
  return URL.canParse(endpoint) && isLoopback(endpoint) && portOf(endpoint) === port;
}

function containerRef(value: unknown): ContainerRef | undefined {
  const { runtime, name, image } = (value ?? {}) as Partial<Record<keyof ContainerRef, unknown>>;
  if ((runtime !== 'docker' && runtime !== 'podman') || !text(name) || !text(image)) return undefined;
  return { runtime, name, image };
}

function managerRef(value: unknown): ManagerRef | undefined {
  const { command, stop, logs, settings } = (value ?? {}) as Partial<Record<keyof ManagerRef, unknown>>;
  if (!text(command) || !texts(stop) || !texts(logs)) return undefined;
  if (typeof settings !== 'object' || !texts(Object.values(settings ?? {}))) return undefined;
  return { command, stop, logs, settings: settings as Record<string, string> };
}
