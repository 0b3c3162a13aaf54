import { inAccount } from './aws.ts';
import type { View, ViewContext } from './context.ts';
import { type ChangesView, COLOURS, type ResourceChange, summary } from './provision.ts';
import { heading, safe } from './text.ts';

const SIGNS: Readonly<Record<string, string>> = { create: '+', update: '~', orphan: '?', unchanged: '=' };

/** Each resource with every attribute that would be set, old and new in full. */
export const planView: View<ChangesView> = (plan, context) => {
  const title = heading(`Stack ${safe(plan.stack)}${inAccount(plan)}: what would change`, context);
  if (plan.resources.length === 0) return `${title}\nNothing: all is as it should be.`;
  return [title, ...plan.resources.flatMap((each) => lines(each, context)), summary(plan.resources, context)].join(
    '\n',
  );
};

function lines(change: ResourceChange, context: ViewContext): string[] {
  const { paint } = context;
  const { action, kind, resource, changes = [], unset = [] } = change;
  const text = `${SIGNS[action] ?? ' '} ${safe(kind)} ${safe(resource)}: ${action}`;
  const note = action === 'orphan' ? paint.dim('    not ours; left alone') : undefined;
  return [
    paint[COLOURS[action] ?? 'bold'](text),
    ...(note === undefined ? [] : [note]),
    ...changes.map(({ attribute, from, to }) => {
      const name = `    ${safe(attribute).padEnd(24)}`;
      return action === 'create'
        ? `${name} ${show(to)}`
        : `${name} ${paint.red(show(from))} -> ${paint.green(show(to))}`;
    }),
    ...unset.map((attribute) => paint.dim(`    ${safe(attribute).padEnd(24)} not set; this engine may not keep it`)),
  ];
}

const show = (value: unknown): string => (value === undefined ? 'none' : safe(String(value)));
