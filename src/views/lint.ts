import type { Finding, Severity } from '../lab/lint/rule.ts';
import type { Palette, View } from './context.ts';
import { plural, safe } from './text.ts';

export interface LintView {
  errors: number;
  warnings: number;
  notes: number;
  looked_at: { queues: number; topics: number; subscriptions: number; mappings: number };
  /** What is not known of a template, and was not looked at. */
  left_out: readonly { path: string; message: string }[];
  findings: readonly Finding[];
}

const COLOURS: Readonly<Record<Severity, keyof Palette>> = { error: 'red', warning: 'yellow', note: 'dim' };

/** Each kind of finding once, with what happens and what mends it, and the resources that it is about. */
export const lintView: View<LintView> = (data, context) => {
  const { queues, topics, subscriptions, mappings } = data.looked_at;
  const looked = [plural(queues, 'queue'), plural(topics, 'topic'), plural(subscriptions, 'subscription')];
  const all = [...looked, ...(mappings > 0 ? [plural(mappings, 'mapping')] : [])].join(', ');
  const codes = [...new Set(data.findings.map(({ code }) => code))];
  const sections = codes.map((code) => {
    const found = data.findings.filter((each) => each.code === code);
    const { severity, happens, remedy, page } = found[0]!;
    return [
      `${context.paint[COLOURS[severity]](severity)} ${context.paint.bold(code)}`,
      ...found.map(({ resource, detail }) => `  ${safe(resource)}: ${safe(detail)}`),
      `  on AWS: ${happens}`,
      `  remedy: ${remedy}`,
      context.paint.dim(`  ${page}`),
    ].join('\n');
  });
  const counts = [plural(data.errors, 'error'), plural(data.warnings, 'warning'), plural(data.notes, 'note')];
  const leftOut = data.left_out.map(({ path, message }) => `  ${safe(path)}: ${safe(message)}`);
  const notLookedAt = leftOut.length > 0 ? [['not looked at', ...leftOut].join('\n')] : [];
  return [...sections, ...notLookedAt, context.paint.dim(`${all}: ${counts.join(', ')}`)].join('\n');
};
