import type { Service } from '../../../services/effects.ts';
import type { Dice } from '../dice.ts';

const SUCCESS_RATE = 0.7;

/** A payment that succeeds by chance: other than what was ordered, and other at the next delivery. */
export function payingByChance(payment: Service, dice: Dice): Service {
  let drawn = 0;
  return {
    ...payment,
    decide(event, state, now) {
      const outcome = dice.draw('payment', drawn++) < SUCCESS_RATE ? 'approve' : 'decline';
      return payment.decide({ ...event, payment: outcome }, state, now);
    },
  };
}
