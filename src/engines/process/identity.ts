import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * When a process began, in words that never come twice for the same pid on one machine. A pid alone proves nothing, since
 * the system hands it out again. Undefined when there is no such process, or when it has ended and only its pid is kept.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const fields = statOf(pid);
  if (fields !== undefined) {
    // Field 22 counts ticks since the boot that boot_id names.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return hasEnded(fields[0]) ? undefined : `${boot}:${fields[19]}`;
  }
  const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'stat=', '-o', 'lstart='], {
    env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
  }).catch(() => undefined);
  const [, state, start] = /^\s*(\S+)\s+(.*\S)/.exec(listed?.stdout ?? '') ?? [];
  return hasEnded(state) ? undefined : start;
}

/** An ended process keeps its pid until its parent asks for it, which in containers may take seconds or for ever. */
export const isZombie = (pid: number): boolean => hasEnded(statOf(pid)?.[0]);

const hasEnded = (state: string | undefined): boolean => /^[ZX]/.test(state ?? '');

/** Linux, proc(5): the fields of stat from the third one, the state; the name before them stands in parentheses. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}
