import { openLab } from './lab.ts';
import { makeTopology } from './topology.ts';
import type { Lab, LabOptions } from './types/lab.ts';

export { LabError } from './error.ts';
export type * from './types/check.ts';
export type * from './types/consumers.ts';
export type * from './types/lab.ts';
export type * from './types/resources.ts';
export type * from './types/settle.ts';

/**
 * A world of its own in this process, empty or with the topology of a configuration: no port and no process unless asked for.
 * Its clock stands until `settled()` or `clock.advance()` turn it.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { config, folder = '.' } = options;
  const lab = openLab(options);
  if (config?.topology !== undefined) await makeTopology({ ...lab, folder }, config.topology);
  return lab;
}
