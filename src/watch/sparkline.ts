const BARS = '▁▂▃▄▅▆▇█';

/** The latest values as bars, one column each, the highest of them in full; filled up with spaces on the left. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(1, ...shown);
  const bars = shown.map((value) => BARS[value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * 7))]!);
  return bars.join('').padStart(width);
}
