import type { Call } from '../calls/call.ts';
import type { EndState } from './cells.ts';

/** Messages that were published and came into no queue: to mail addresses and the like, or to nobody at all. */
export function publishedIn(calls: readonly Call[]): EndState['published'] {
  const found: EndState['published'] = Object.create(null);
  for (const { effects } of calls) {
    for (const effect of effects) {
      if (effect.kind !== 'published' || effect.deliveries.some(({ outcome }) => outcome === 'delivered')) continue;
      const own = found[effect.topic] ?? [];
      found[effect.topic] = own;
      own.push({ body: effect.body, attributes: {} });
    }
  }
  return found;
}
