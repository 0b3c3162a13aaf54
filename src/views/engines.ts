import type { View } from './context.ts';
import { table } from './table.ts';
import { time } from './text.ts';

export interface EngineRow {
  endpoint: string;
  engine: string;
  version?: string | undefined;
  state: 'running' | 'does not answer' | 'ended' | 'unknown';
  /** The one that commands use now. */
  current: boolean;
  /** Started by `up`, so that `down` may stop it. */
  ours: boolean;
  pid?: number | undefined;
  container?: string | undefined;
  manager?: string | undefined;
  startedAt?: string | undefined;
  /** In the region in use; undefined when the engine does not tell. */
  stacks?: string[] | undefined;
}

const placeOf = ({ pid, container, manager, ours }: EngineRow) =>
  container ?? manager ?? (pid === undefined ? (ours ? '' : 'not ours') : `process ${pid}`);

export const enginesView: View<{ engines: readonly EngineRow[] }> = ({ engines }, context) => {
  const { paint } = context;
  if (engines.length === 0) return 'No engine runs here. Start one: cliffracer up';
  return table<EngineRow>(
    [
      { title: '', text: ({ current }) => (current ? '*' : ''), paint: paint.green },
      { title: 'endpoint', text: ({ endpoint }) => endpoint, paint: paint.cyan },
      { title: 'engine', text: ({ engine, version }) => `${engine}${version === undefined ? '' : ` ${version}`}` },
      {
        title: 'state',
        text: ({ state }) => state,
        paint: (text, { state }) => (state === 'running' ? paint.green(text) : paint.yellow(text)),
      },
      { title: 'place', text: placeOf, shrinks: true, yields: true },
      { title: 'started', text: ({ startedAt }) => time(startedAt, context), yields: true },
      { title: 'stacks', text: ({ stacks }) => stacks?.join(', ') ?? '-', shrinks: true },
    ],
    engines,
    context,
  );
};
