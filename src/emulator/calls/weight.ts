import type { Effect } from '../core/effects.ts';
import type { EmulatorRequest } from '../protocols/wire.ts';

/** An effect without its texts, about. */
const EFFECT = 100;
/** A dimension of a metric without its texts. */
const DIMENSION = 40;
/** A document costs more when it has been read than it had bytes: each element is an object. */
const READ_DOCUMENT = 4;

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

/** Bytes that an input as decoded keeps alive: its texts are parts of the request's head and document. */
export function inputWeight({ url, headers, body }: EmulatorRequest, isContent: boolean): number {
  let bytes = url.length + (isContent ? 0 : READ_DOCUMENT * body.length);
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0);
  return bytes;
}
