import type { ViewContext } from '../views/context.ts';
import { plural, safe } from '../views/text.ts';
import { type Action, actionsFor } from './actions.ts';
import { fitted, fittedLine } from './fit.ts';
import type { Seen } from './rows.ts';
import { LISTS, type Ui } from './ui.ts';

interface Header {
  seen: Seen;
  endpoint: string;
  isLost: boolean;
  rate: number;
}

/** What is watched, and how much happens there. */
export function headerLine({ seen, endpoint, isLost, rate }: Header, { paint, width }: ViewContext): string {
  const { clock, queues, dropped } = seen.system;
  const sum = (of: (queue: (typeof queues)[number]) => number) => queues.reduce((total, queue) => total + of(queue), 0);
  const dead = sum((queue) => (queue.dead_letters_of.length > 0 ? queue.ready : 0));
  const held = queues.filter(({ hold }) => hold !== null).length;
  const parts = [
    paint.bold('cliffracer watch'),
    paint.dim(safe(endpoint.replace(/^https?:\/\//, ''))),
    ...(isLost ? [paint.red('the engine does not answer; asked again every second')] : [`${rate} calls/s`]),
    ...(held > 0 ? [paint.yellow(`${held} held`)] : []),
    ...(dead > 0 ? [paint.red(plural(dead, 'dead letter'))] : []),
    ...(clock?.frozen ? [paint.cyan(`clock frozen at ${new Date(clock.now_ms).toISOString().slice(11, 19)}`)] : []),
    ...(dropped > 0 ? [paint.yellow(`${plural(dropped, 'call')} too many to read`)] : []),
  ];
  return fittedLine(parts.join('  '), width);
}

/** The last line: what is typed, asked or said, else the keys that apply. */
export function footerLine(seen: Seen, ui: Ui, context: ViewContext): string {
  const { paint, width } = context;
  const { typing, question, notice, help } = ui;
  if (question !== undefined) return paint.yellow(fitted(`${question.text} y/n`, width));
  if (typing?.what === 'filter') return fitted(`/${typing.text}█`, width);
  if (typing !== undefined) {
    const offered = [...LISTS, 'trace ID', 'quit'].filter((name) => name.startsWith(typing.text.trimStart()));
    return fittedLine(
      `${paint.bold(fitted(`:${typing.text}█`, Math.min(width, 24)))} ${paint.dim(offered.join(' '))}`,
      width,
    );
  }
  if (notice !== undefined) return paint[notice.tone](fitted(notice.text, width));
  if (help) return paint.dim(fitted('any key goes back', width));
  return keyLine(actionsFor(seen, ui), context);
}

type Key = Pick<Action, 'shown' | 'does'>;

const COMMANDS: Key = { shown: ':', does: 'go to' };

/** As many keys as fit; help and the way out always stand there. */
function keyLine(actions: readonly Key[], { paint, width }: ViewContext): string {
  const shown = actions.filter(({ does, shown: keys }) => does !== '' && keys !== ':');
  const last = shown.slice(-2);
  let left = width - last.map(({ shown: keys, does }) => `${keys} ${does}`).join('  ').length;
  const fitting = [...shown.slice(0, -2), COMMANDS].filter(({ shown: keys, does }) => {
    left -= keys.length + 1 + does.length + 2;
    return left >= 0;
  });
  const line = [...fitting, ...last].map(({ shown: keys, does }) => `${paint.bold(keys)} ${does}`).join('  ');
  return fittedLine(line, width);
}

const MOVES: readonly Key[] = [
  { shown: '↑ ↓ k j', does: 'move, or scroll' },
  { shown: '← → h l tab', does: 'the pane beside' },
  { shown: 'g G', does: 'to the beginning, to the end' },
  { shown: 'pgup pgdn', does: 'ten rows' },
];

/** What the keys do here and now, one a line. */
export function helpLines(seen: Seen, ui: Ui, { paint, width }: ViewContext): string[] {
  const actions = actionsFor(seen, ui).filter(({ does }) => does !== '');
  const lines = [...actions, ...MOVES].map(({ shown, does }) => {
    return `  ${paint.bold(fitted(shown, Math.min(12, width)))}  ${fitted(does, Math.max(0, width - 16))}`;
  });
  return [paint.bold(fitted('keys', width)), '', ...lines];
}
