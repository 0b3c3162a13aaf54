import { inAccount } from './aws.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { heading, plural, safe } from './text.ts';

export interface ResourceChange {
  kind: string;
  resource: string;
  action: string;
  detail?: string | undefined;
  /** Of a plan: each attribute that is not as it should be. */
  changes?: readonly { attribute: string; from?: unknown; to: unknown }[];
  /** Of a plan: protections that are not set, and that this engine may not keep. */
  unset?: readonly string[];
}

/** The stack and, on AWS, where it is. */
export interface StackHeading {
  stack: string;
  account?: string;
  region?: string;
}

export const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  create: 'green',
  created: 'green',
  kept: 'yellow',
  update: 'yellow',
  updated: 'yellow',
  delete: 'red',
  deleted: 'red',
  orphan: 'red',
  unchanged: 'dim',
};

export interface ChangesView extends StackHeading {
  planned?: boolean;
  resources: readonly ResourceChange[];
}

/** What was done to each resource, or would be. */
export const changesView: View<ChangesView> = (changes, context) => {
  const { planned, resources } = changes;
  const stack = `Stack ${safe(changes.stack)}${inAccount(changes)}`;
  if (resources.length === 0) return `${stack}: there is nothing.`;
  const title = heading(`${stack}${planned ? ': what would change' : ''}`, context);
  return [title, table(columns(context), resources, context), summary(resources, context)].join('\n');
};

const columns = ({ paint }: ViewContext) => [
  { title: 'kind', text: (row: ResourceChange) => row.kind },
  { title: 'resource', text: (row: ResourceChange) => row.resource, shrinks: 20 },
  {
    title: 'action',
    text: (row: ResourceChange) => row.action,
    paint: (text: string, row: ResourceChange) => paint[COLOURS[row.action] ?? 'bold'](text),
  },
  { title: 'detail', text: (row: ResourceChange) => row.detail ?? '', shrinks: true },
];

export function summary(resources: readonly ResourceChange[], { paint }: ViewContext): string {
  const counts = new Map<string, number>();
  for (const { action } of resources) counts.set(action, (counts.get(action) ?? 0) + 1);
  const parts = [...counts].map(([action, count]) => `${count} ${action}`);
  return paint.dim(`${plural(resources.length, 'resource')}: ${parts.join(', ')}`);
}
