import type { Condition, KeyPart } from '../../../lab/stores/port.ts';
import { html } from '../html.ts';
import { Choice, Field } from '../parts/controls.ts';

/** A condition as it is typed. */
export interface Typed {
  attribute: string;
  comparison: string;
  text: string;
}

export const COMPARISONS = [
  ['=', '='],
  ['<>', '≠'],
  ['<', '<'],
  ['<=', '≤'],
  ['>', '>'],
  ['>=', '≥'],
  ['begins_with', 'begins with'],
  ['contains', 'contains'],
  ['exists', 'exists'],
  ['missing', 'is missing'],
] as const;

/** What DynamoDB takes for the sort key of a query. */
export const SORT_COMPARISONS = COMPARISONS.filter(([each]) => !['<>', 'contains', 'exists', 'missing'].includes(each));

/** Of an attribute whose type nobody knows: a number or a truth value where it looks like one; "12" in quotes is a text. */
function typedValue(text: string): Record<string, unknown> {
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return { S: quoted };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { N: text };
  return text === 'true' || text === 'false' ? { BOOL: text === 'true' } : { S: text };
}

export const keyCondition = ({ name, type }: KeyPart, comparison: string, text: string): Condition => ({
  attribute: name,
  comparison: comparison as Condition['comparison'],
  value: { [type]: text },
});

export const filterCondition = ({ attribute, comparison, text }: Typed): Condition => ({
  attribute: attribute.trim(),
  comparison: comparison as Condition['comparison'],
  value: typedValue(text),
});

interface RowProps {
  typed: Typed;
  onInput(typed: Typed): void;
  onEnter(): void;
}

export function ConditionRow({ typed, onInput, onEnter }: RowProps) {
  const takesValue = typed.comparison !== 'exists' && typed.comparison !== 'missing';
  return html`<div class="bar condition"><${Field} label="Attribute" quiet mono value=${typed.attribute} placeholder="attribute" onEnter=${onEnter} onInput=${(attribute: string) => onInput({ ...typed, attribute })} /><${Choice} label="Comparison" quiet value=${typed.comparison} options=${COMPARISONS} onInput=${(comparison: string) => onInput({ ...typed, comparison })} />${takesValue && html`<${Field} label="Value" quiet mono value=${typed.text} placeholder='value, or "12" for a text' onEnter=${onEnter} onInput=${(text: string) => onInput({ ...typed, text })} />`}</div>`;
}
