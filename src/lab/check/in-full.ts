import type { Call } from '../calls/call.ts';
import type { RunDelivery, RunResult } from './model.ts';

/**
 * Whether each message that came again was handled as in a run without any disturbance: its consumer did then whatever it does,
 * and no lease kept it from anything.
 */
export function isHandledInFull({ deliveries }: RunResult, undisturbed: RunResult): boolean {
  return deliveries
    .filter(({ attempt }) => attempt > 1)
    .every((again) => {
      const once = undisturbed.deliveries.find(({ messageId }) => messageId === again.messageId);
      const done = actsOf(again);
      return once !== undefined && [...actsOf(once)].every((act) => done.has(act));
    });
}

/** What a delivery changed, but for its own message. */
const actsOf = ({ calls }: RunDelivery): ReadonlySet<string> =>
  new Set(calls.filter(hasActed).map(({ operation, resources }) => [operation, ...resources].join(' ')));

const hasActed = ({ effects }: Call) =>
  effects.some(
    (effect) =>
      /^(?:item|object|published)$/.test(effect.kind) || (effect.kind === 'message' && effect.change === 'sent'),
  );
