import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { html } from '../html.ts';

export interface Line {
  label: string;
  points: readonly { at: number; value: number }[];
}

const COLOURS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5'];
const HEIGHT = 180;

interface PlotProps {
  label: string;
  lines: readonly Line[];
  /** Milliseconds that are shown, up to the latest point. */
  span: number;
  height?: number;
}

/** Lines over time. Screen readers get the latest values. */
export function Plot({ label, lines, span, height = HEIGHT }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | undefined>(undefined);
  const shape = lines.map(({ label: each }) => each).join('\n');
  const data = joined(lines);
  useEffect(() => {
    const element = box.current!;
    const colour = (name: string) => getComputedStyle(element).getPropertyValue(name);
    const axis = {
      stroke: colour('--dim'),
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    const plot = new uPlot(
      {
        ...{ width: Math.max(200, element.clientWidth), height },
        legend: { show: lines.length > 1 },
        cursor: { y: false },
        scales: {
          // Of a single point uPlot would make a range of its own.
          x: { range: ({ data: [times] }) => [(times.at(-1) ?? 0) - span / 1000, times.at(-1) ?? 0] },
          y: { range: (_plot, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.1] },
        },
        series: [
          {},
          ...lines.map((line, index) => ({
            label: line.label,
            width: 1.5,
            stroke: colour(COLOURS[index % COLOURS.length]!),
            points: { show: line.points.length < 3, size: 5 },
          })),
        ],
        axes: [
          { ...axis, space: 70 },
          { ...axis, size: 56 },
        ],
      },
      data,
      element,
    );
    drawn.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [shape, height, span]);
  useEffect(() => drawn.current?.setData(data), [lines]);
  const latest = lines.map(({ label: each, points }) => `${each} ${points.at(-1)?.value ?? 'none'}`).join(', ');
  return html`<div class="plot" role="img" aria-label=${`${label}: ${latest}`} ref=${box}></div>`;
}

/** One column of times, and a value or a gap for each line. */
function joined(lines: readonly Line[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const columns = lines.map(({ points }) => {
    const values = new Map(points.map(({ at, value }) => [at, value]));
    return times.map((at) => values.get(at) ?? null);
  });
  return [times.map((at) => at / 1000), ...columns];
}
