import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ProcessRecord, removeRecord } from '../home.ts';
import { probe } from '../probe.ts';
import { isZombie, processStart } from '../process/identity.ts';
import { lastLines } from '../process/log.ts';

export type StopOutcome = 'stopped' | 'killed' | 'was_gone' | 'not_ours';

export interface Pause {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const GRACE_MS = 5_000;
/** One that keeps its state writes a line of its log each time that it has got further; a slow disk may take this long. */
const SAVING_GRACE_MS = 60_000;
const LOOK_MS = 250;
const STEP_MS = 15;

/**
 * Ends exactly the process that the record describes. A pid alone proves nothing, since the system hands it out again, and
 * an endpoint's answer does not tell whose pid the record holds: the process must have begun when the record says.
 */
export async function stopEmbedded(
  home: string,
  record: ProcessRecord,
  clock: Pause,
  kill: (pid: number, signal: NodeJS.Signals | 0) => void,
  tell: (text: string) => void = () => {},
): Promise<StopOutcome> {
  const { pid } = record;
  const alive = () => isAlive(pid, kill);
  if (!alive()) {
    await removeRecord(home, record);
    return 'was_gone';
  }
  if (!(await isOurs(record, clock))) {
    await removeRecord(home, record);
    return 'not_ours';
  }
  send(record.pid, 'SIGTERM', kill);
  // A process that somebody has stopped, as with Ctrl-Z, takes no other signal before this one.
  send(record.pid, 'SIGCONT', kill);
  const outcome = (await waitUntilGone(alive, clock, record, tell)) ? 'stopped' : 'killed';
  if (outcome === 'killed') {
    send(record.pid, 'SIGKILL', kill);
    await waitUntilGone(alive, clock, record, tell);
  }
  await removeRecord(home, record);
  return outcome;
}

function send(pid: number, signal: NodeJS.Signals, kill: (pid: number, signal: NodeJS.Signals) => void): void {
  try {
    kill(pid, signal);
  } catch (error) {
    // It has ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function isAlive(pid: number, kill: (pid: number, signal: 0) => void): boolean {
  try {
    kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isOurs(record: ProcessRecord, clock: Pause): Promise<boolean> {
  const began = await processStart(record.pid);
  if (began !== undefined) return record.processStart === undefined ? runs(record) : began === record.processStart;
  // A system that tells nothing of its processes, such as Windows: what answers is all that can be known.
  const answer = await probe(record.endpoint, clock.now, 1_000);
  return answer.answer === 'engine' && answer.instance === record.instance;
}

/** Whether the record's own process is there, by its command line, as records of version 0.1.0 hold nothing better. */
export async function runs(record: ProcessRecord): Promise<boolean> {
  const listed = await promisify(execFile)('ps', ['-ww', '-p', String(record.pid), '-o', 'command=']).catch(
    () => undefined,
  );
  return listed?.stdout.includes(record.instance) ?? false;
}

/** An engine that gets on with saving its state takes as long as it takes. */
async function waitUntilGone(
  alive: () => boolean,
  clock: Pause,
  { dataDirectory, logFile }: ProcessRecord,
  tell: (text: string) => void,
): Promise<boolean> {
  const saves = dataDirectory !== undefined;
  const grace = saves ? SAVING_GRACE_MS : GRACE_MS;
  let line: string | undefined;
  for (let waited = 0; waited < grace; waited += STEP_MS) {
    if (!alive()) return true;
    await clock.sleep(STEP_MS);
    if (!saves || waited % LOOK_MS >= STEP_MS) continue;
    const latest = await lastLine(logFile);
    if (latest === line || latest === undefined) continue;
    line = latest;
    waited = 0;
    // Without its time.
    tell(`The engine stops: ${latest.slice(latest.indexOf(' ') + 1)}`);
  }
  return !alive();
}

async function lastLine(logFile: string | undefined): Promise<string | undefined> {
  return logFile === undefined ? undefined : (await lastLines(logFile, 1)).at(-1);
}
