import type { Built, Outcome } from './made.ts';
import type { Shape } from './shape.ts';

/** A resource type that is made, or returned as data. */
export interface ResourceType {
  properties: { readonly [name: string]: Shape };
  required?: readonly string[];
  /** Throws TemplateFault. */
  build(built: Built): Outcome;
  /** For docs/templates.md: what it comes to. */
  about: string;
}

export const TAGS: Shape = [{ Key: 'text', Value: 'text' }];
