import type { View, ViewContext } from './context.ts';
import { type Column, table } from './table.ts';
import { safe } from './text.ts';

export interface ConformanceRow {
  id: string;
  area: string;
  does: string;
  verdict: 'as_aws' | 'differs' | 'missing';
  detail: string;
}

export interface ConformanceView {
  engine: string;
  version: string | undefined;
  endpoint: string;
  region: string;
  asAws: number;
  differs: number;
  missing: number;
  behaviours: readonly ConformanceRow[];
}

export const VERDICTS = { as_aws: 'as AWS', differs: 'differs', missing: 'missing' } as const;

/** Every behaviour with its verdict; what differs is told in full below the table. */
export const conformanceView: View<ConformanceView> = (data, context) => {
  const { paint } = context;
  const version = data.version === undefined ? '' : ` ${data.version}`;
  const title = paint.bold(safe(`${data.engine}${version} at ${data.endpoint}, compared with AWS`));
  const other = data.behaviours.filter(({ verdict }) => verdict !== 'as_aws');
  const counts = [`${data.asAws} as AWS`, `${data.differs} differ`, `${data.missing} missing`];
  return [
    title,
    table(columns(context), data.behaviours, context),
    ...other.map(({ id, verdict, detail }) => `${COLOUR(context, verdict)(id)}: ${safe(detail)}`),
    paint.dim(counts.join(', ')),
  ].join('\n');
};

const COLOUR = ({ paint }: ViewContext, verdict: ConformanceRow['verdict']) =>
  ({ as_aws: paint.green, differs: paint.yellow, missing: paint.red })[verdict];

const columns = (context: ViewContext): Column<ConformanceRow>[] => [
  { title: 'area', text: (row) => row.area },
  { title: 'id', text: (row) => row.id, shrinks: 16 },
  { title: 'what AWS does', text: (row) => row.does, wraps: true },
  {
    title: 'verdict',
    text: (row) => VERDICTS[row.verdict],
    paint: (text, row) => COLOUR(context, row.verdict)(text),
  },
];
