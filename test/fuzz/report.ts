import type { PhaseResult } from './main.ts';
import type { Models } from './models.ts';

/** Memory that may be held after a phase and an emptied engine, beyond what was held before it. */
const KEPT_BYTES = 24 * 1024 * 1024;

/** Processor time for which a request may keep others waiting: more than what is promised, for a processor that is shared. */
const MOST_STALLED_MS = 250;

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** Prints what happened, and says whether all of it is as it should be. */
export function printTable(results: readonly PhaseResult[], models: Models, { seed }: { seed: number }): boolean {
  const failures = results.flatMap(({ tally }) => tally.failures.map((failure) => `${tally.name}: ${failure}`));
  for (const { tally, before, after } of results) {
    if (after === undefined) continue;
    const kept = after.heapBytes - before.heapBytes;
    if (kept > KEPT_BYTES) failures.push(`${tally.name}: ${mebibytes(kept)} of memory did not come back`);
    for (const { label, ms } of tally.stalls)
      if (ms > MOST_STALLED_MS) failures.push(`${tally.name}: ${label} kept others waiting for ${Math.round(ms)} ms`);
    if (after.waiting > 0) failures.push(`${tally.name}: ${after.waiting} calls still wait for something`);
  }
  const rows = results.map(({ tally, seconds, before, after }) => {
    const { byClass } = tally;
    const memory = after === undefined ? '-' : `${mebibytes(before.heapBytes)} -> ${mebibytes(after.heapBytes)}`;
    const counts = [byClass['2xx'] + byClass['3xx'], byClass['4xx'], byClass['501'], byClass.closed];
    return [
      tally.name,
      tally.requests,
      ...counts,
      tally.failures.length,
      `${Math.round(tally.slowestMs)} ms`,
      memory,
      `${seconds.toFixed(0)} s`,
    ];
  });
  const head = [
    'phase',
    'requests',
    '2xx, 304',
    '4xx',
    '501',
    'closed',
    'failures',
    'slowest',
    'heap before -> after',
    'time',
  ];
  const total = results.reduce((sum, { tally }) => sum + tally.requests, 0);
  process.stdout.write(`${table([head, ...rows.map((row) => row.map(String))])}\n`);
  process.stdout.write(`${coverage(results, models)}\n`);
  process.stdout.write(longestStalls(results));
  for (const { tally } of results) process.stdout.write(`slowest of ${tally.name}: ${tally.slowest}\n`);
  for (const failure of failures.slice(0, 40)) process.stdout.write(`FAILURE ${failure}\n`);
  const verdict = failures.length === 0 ? 'no crash, no hang, no 500, memory returned' : `${failures.length} failures`;
  process.stdout.write(`\n${total} requests, seed ${seed}: ${verdict}\n`);
  return failures.length === 0;
}

/** Without it a run that never gets past the first check would look as good as one that does. */
function coverage(results: readonly PhaseResult[], models: Models): string {
  const called = new Set(results.flatMap(({ tally }) => [...tally.called]));
  const succeeded = new Set(results.flatMap(({ tally }) => [...tally.succeeded]));
  const all = [...models.values()].flatMap(({ id, operations }) =>
    [...operations.keys()].map((name) => `${id} ${name}`),
  );
  const never = all.filter((name) => !succeeded.has(name));
  const text = `\noperations: ${all.length}, called ${all.filter((name) => called.has(name)).length}, succeeded ${all.length - never.length}`;
  return never.length === 0 ? text : `${text} (never: ${never.join(', ')})`;
}

function longestStalls(results: readonly PhaseResult[]): string {
  const stalls = results.flatMap(({ tally }) => tally.stalls).sort((a, b) => b.ms - a.ms);
  const lines = stalls.slice(0, 5).map(({ label, ms }) => `  ${ms.toFixed(0)} ms: ${label}\n`);
  return stalls.length === 0
    ? ''
    : `others waited longest, in processor time of the engine, of ${stalls.length}:\n${lines.join('')}`;
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | '));
  return [lines[0]!, widths.map((width) => '-'.repeat(width)).join('-|-'), ...lines.slice(1)]
    .map((line) => `| ${line} |`)
    .join('\n');
}
