import { MAPPING_RULES } from './mapping-rules.ts';
import { QUEUE_RULES } from './queue-rules.ts';
import type { Finding, Rule, Severity } from './rule.ts';
import type { System } from './system.ts';
import { TOPIC_RULES } from './topic-rules.ts';

export const RULES: readonly Rule[] = [...QUEUE_RULES, ...TOPIC_RULES, ...MAPPING_RULES];

const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** What will go wrong on AWS, the worst first. */
export function lint(system: System): Finding[] {
  const found = RULES.flatMap(({ find, about: _, ...rule }) => find(system).map((hit) => ({ ...rule, ...hit })));
  return found.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
}
