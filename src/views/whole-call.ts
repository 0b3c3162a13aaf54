import type { WholeCall } from '../lab/calls/call.ts';
import { undoneByText } from '../lab/calls/undone.ts';
import type { View, ViewContext } from './context.ts';
import { effectText } from './effects.ts';
import { duration, safe } from './text.ts';

/** One call in full. */
export const wholeCallView: View<{ call: WholeCall }> = ({ call }, context) => {
  const { paint } = context;
  const { seq, at, caller, service, operation, account, region, resources, outcome, error, fault, effects, undone_by } =
    call;
  const rows: [string, string][] = [
    ['call', `${seq}  ${paint.bold(safe(`${service}:${operation}`))}`],
    ['at', safe(at)],
    ['took', duration(call.duration_ms)],
    ['caller', safe(caller)],
    ['where', safe([account, region].filter(Boolean).join(' '))],
    ['about', safe(resources.join(', '))],
    ['outcome', outcome === 'ok' ? paint.green('ok') : paint.red(safe([outcome, error ?? ''].join(' ').trim()))],
    ['fault', fault === null ? '' : paint.yellow(`${fault.id}: ${safe(fault.rule)}`)],
    ['since', undone_by === null ? '' : undoneByText(undone_by)],
    ...deliveryRows(call),
    ...effects
      .map(effectText)
      .filter((text) => text !== undefined)
      .map((text): [string, string] => ['effect', safe(text)]),
  ];
  const told = rows.filter(([, text]) => text !== '').map(([label, text]) => `${paint.dim(label.padEnd(9))} ${text}`);
  return [
    ...told,
    ...documentLines('input', call.input, context),
    ...documentLines('answer', call.answer, context),
  ].join('\n');
};

const SURE: Readonly<Record<string, string>> = {
  exact: '',
  content: ', by its content',
  one_of: ', one of several in hand',
};

const deliveryRows = ({ deliveries, certainty }: WholeCall): [string, string][] =>
  deliveries.map(({ queue, message_id, attempt }) => [
    'delivery',
    safe(`${queue} ${message_id}, attempt ${attempt}${SURE[certainty ?? ''] ?? ''}`),
  ]);

function documentLines(title: string, value: unknown, { paint }: ViewContext): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return [paint.dim(title), ...text.split('\n').map((line) => `  ${safe(line)}`)];
}
