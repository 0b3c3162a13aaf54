import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * When a process began, in words that never come twice for the same pid on one machine. A pid alone proves nothing, since
 * the system hands it out again. Undefined when there is no such process.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    // Linux, proc(5): field 22 of stat counts ticks since the boot that boot_id names; fields follow the name in parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${fields[19]}`;
  } catch {
    const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'lstart='], {
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    }).catch(() => undefined);
    return listed?.stdout.trim() || undefined;
  }
}
