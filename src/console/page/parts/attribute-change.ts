import { brief, briefChange } from '../data/format.ts';
import { html } from '../html.ts';

interface Props {
  attribute: string;
  before: unknown;
  after: unknown;
  /** The whole item is new: its attributes had no value before. */
  created: boolean;
}

/** Old → new of one attribute, in a list of changes. */
export function AttributeChange({ attribute, before, after, created }: Props) {
  const [old, now] = created ? ['', brief(after)] : briefChange(before, after);
  return html`<dt class="mono">${attribute}</dt><dd>${!created && html`<del>${old}</del> → `}<ins>${now}</ins></dd>`;
}
