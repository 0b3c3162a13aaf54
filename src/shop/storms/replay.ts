import { FAULT_KINDS } from './faults.ts';
import type { StormSettings } from './storm.ts';

/** The command line that repeats a storm. */
export function replayCommand(settings: StormSettings, handlers: string): string {
  const { seed, orders, workers, kinds, only } = settings;
  const all = kinds.length === FAULT_KINDS.length;
  const parts = [`cliffracer chaos --seed ${seed} --orders ${orders} --workers ${workers}`];
  if (!all) parts.push(`--faults ${kinds.length === 0 ? 'none' : kinds.join(',')}`);
  if (only !== undefined && kinds.length > 0) parts.push(`--only-faults ${only.join(',')}`);
  if (handlers !== 'right') parts.push(`--handlers ${handlers}`);
  return parts.join(' ');
}
