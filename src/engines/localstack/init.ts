import { httpCall } from '../http.ts';
import type { WaitOptions } from '../ready.ts';

const POLL_MS = 200;

/**
 * Waits for LocalStack's start-up scripts (LocalStack documentation, Initialization Hooks): its health path answers before
 * they have run. Resolves at the deadline too, since what the scripts do is the user's own.
 */
export async function waitForScripts(endpoint: string, { waitMs, clock, signal, ended }: WaitOptions): Promise<void> {
  const deadline = clock.now() + waitMs;
  while (clock.now() < deadline && !signal.aborted && !(await scriptsDone(endpoint))) {
    await Promise.race([clock.sleep(POLL_MS, signal), ...(ended === undefined ? [] : [ended])]);
  }
}

async function scriptsDone(endpoint: string): Promise<boolean> {
  try {
    const { status, body } = await httpCall(`${endpoint}/_localstack/init`, { timeoutMs: 2_000 });
    if (status !== 200) return true;
    return (JSON.parse(body) as { completed?: { READY?: boolean } }).completed?.READY !== false;
  } catch {
    return true;
  }
}
