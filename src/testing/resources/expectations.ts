import { LabError } from '../error.ts';
import { describeMatch } from '../match.ts';
import { describeOpen, settleLab, type Workshop } from '../settle.ts';
import type { CountOptions, Match } from '../types/resources.ts';
import type { SettleOptions } from '../types/settle.ts';

export interface Asked {
  workshop: Workshop;
  report(): string;
}

/**
 * Waits until `find` has something, or with `times` until everything has settled and it has exactly so many; what it has
 * already counts. Rejects with `what` was expected.
 */
export async function expectFound<T>(
  { workshop, report }: Asked,
  find: () => T[],
  what: string,
  match: Match | undefined,
  options: CountOptions,
): Promise<T[]> {
  const { times, ...settling } = options;
  const settled = await settleLab(workshop, settling, times === undefined ? () => find().length > 0 : undefined);
  const found = find();
  if (times === undefined ? found.length > 0 : found.length === times && settled.settled) return found;
  const wanted = times === undefined ? 'a message' : `${times} message${times === 1 ? '' : 's'}`;
  const open = settled.settled ? '' : `\nStill open:\n${describeOpen(settled)}`;
  const expected = `expected ${wanted}${describeMatch(match)} to be ${what}, found ${found.length}`;
  throw new LabError(`${expected}${open}\n\n${report()}`);
}

/** Rejects when `find` has something once everything has settled. */
export async function expectNone(
  { workshop, report }: Asked,
  find: () => { id: string; body: string }[],
  what: string,
  match: Match | undefined,
  options: SettleOptions,
): Promise<void> {
  const settled = await settleLab(workshop, options);
  const found = find();
  if (found.length === 0 && settled.settled) return;
  const open = settled.settled ? '' : `\nStill open:\n${describeOpen(settled)}`;
  const list = found.map(({ id, body }) => `\n  ${id} ${body}`).join('');
  throw new LabError(
    `expected no message${describeMatch(match)} to be ${what}, found ${found.length}${list}${open}\n\n${report()}`,
  );
}
