import { isAlive, type Pause, type StopOutcome } from '../embedded/stop.ts';
import { type ProcessRecord, removeRecord } from '../home.ts';
import { processStart } from './identity.ts';

// LocalStack gives its services five seconds of their own.
const GRACE_MS = 10_000;
const STEP_MS = 50;

type Kill = (pid: number, signal: NodeJS.Signals | 0) => void;

/** Ends exactly the process group that the record describes, proven by when its leader began. */
export async function stopProcess(home: string, record: ProcessRecord, clock: Pause, kill: Kill): Promise<StopOutcome> {
  const outcome = await stopGroup(record, clock, kill);
  await removeRecord(home, record);
  return outcome;
}

export async function stopGroup(
  { pid, processStart: start }: Pick<ProcessRecord, 'pid' | 'processStart'>,
  clock: Pause,
  kill: Kill,
): Promise<StopOutcome> {
  if (!isAlive(pid, kill)) return 'was_gone';
  if ((await processStart(pid)) !== start) return 'not_ours';
  const alive = () => isAlive(pid, kill);
  signalGroup(pid, 'SIGTERM', kill);
  // A process that somebody has stopped, as with Ctrl-Z, takes no other signal before this one.
  signalGroup(pid, 'SIGCONT', kill);
  const ended = await gone(alive, clock);
  // Also what the leader left behind: a starter such as uvx may end before the server that it started.
  signalGroup(pid, 'SIGKILL', kill);
  if (ended) return 'stopped';
  await gone(alive, clock);
  return 'killed';
}

function signalGroup(pid: number, signal: NodeJS.Signals, kill: Kill): void {
  try {
    kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(alive: () => boolean, clock: Pause): Promise<boolean> {
  for (let waited = 0; waited < GRACE_MS; waited += STEP_MS) {
    if (!alive()) return true;
    await clock.sleep(STEP_MS);
  }
  return !alive();
}
