import type { Service } from '../../../services/effects.ts';
import type { SeededRandom } from '../seeded-random.ts';

const SUCCESS_RATE = 0.7;

/** A payment with a random outcome, another one at each delivery. */
export function withRandomPayments(payment: Service, random: SeededRandom): Service {
  let drawn = 0;
  return {
    ...payment,
    decide(event, state, now) {
      const outcome = random.draw('payment', drawn++) < SUCCESS_RATE ? 'approve' : 'decline';
      return payment.decide({ ...event, payment: outcome }, state, now);
    },
  };
}
