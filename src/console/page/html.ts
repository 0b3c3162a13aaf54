import htm from 'htm';
import { h, type VNode } from 'preact';

/** Markup in a template. What stands in its places becomes text, attributes or components, never markup. */
export const html = (htm as unknown as { bind(to: typeof h): unknown }).bind(h) as (
  parts: TemplateStringsArray,
  ...values: unknown[]
) => VNode;
