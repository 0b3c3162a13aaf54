import type { Effect } from '../core/effects.ts';

/** An effect without its texts, about. */
const EFFECT = 100;
/** A dimension of a metric without its texts. */
const DIMENSION = 40;

/** Bytes that a log keeps alive with an effect, about; what items and deliveries take, those say who report them. */
export function weightOf(effect: Effect): number {
  switch (effect.kind) {
    case 'message':
      return EFFECT + (effect.body?.length ?? 0);
    case 'published':
      return EFFECT + effect.body.length;
    case 'object':
      return EFFECT + effect.key.length;
    case 'metric': {
      let bytes = EFFECT + effect.name.length;
      for (const name in effect.dimensions) bytes += DIMENSION + name.length + effect.dimensions[name]!.length;
      return bytes;
    }
    default:
      return EFFECT;
  }
}
