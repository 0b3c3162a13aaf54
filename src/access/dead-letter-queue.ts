import { Argument } from 'commander';
import type { App } from '../app.ts';
import { completing } from '../cli/arguments.ts';
import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import { DEAD_LETTER_QUEUE } from '../questions/offers.ts';
import { which } from '../questions/which.ts';
import { otherPlaces, type Place, servicePlace } from './dead-letters.ts';
import { queueStates } from './queues.ts';

/** A dead-letter queue by its service, by a queue that it stands behind, by its own name, or by the beginning of one. */
export const queueArgument = () =>
  new Argument(
    '[queue]',
    `whose dead letters: a queue, or ${SERVICES.join(', ')} of the stack; left out, a list asks`,
  ).argParser(completing('dead_letters', (text: string) => text));

/** The dead-letter queue that is meant; asked for when none was given. */
export async function whichPlace(app: App, given: string | undefined): Promise<Place> {
  return placeOf(app, given ?? (await which(app, DEAD_LETTER_QUEUE, undefined)));
}

/** Whole names of the stack's queues need no looking up. Rejects with `not_found`, and with `usage` for a beginning of several. */
async function placeOf(app: App, given: string): Promise<Place> {
  const { names } = await app.connect();
  const namesOf = (service: ServiceName) => {
    const queues = [queueOf(service), deadLetterQueueOf(service)];
    return [service, ...queues, ...queues.map(names.queue)];
  };
  const own = SERVICES.map((service) => ({ service, names: namesOf(service) }));
  const exact = own.find((each) => each.names.includes(given));
  if (exact !== undefined) return servicePlace(app, exact.service);
  const begun = given === '' ? [] : own.filter((each) => each.names.some((name) => name.startsWith(given)));
  const others = await otherPlaces(app, await queueStates(app));
  const other = others.find(({ queue }) => queue === given) ?? others.find(({ sources }) => sources.includes(given));
  if (other !== undefined)
    return other.queue === given || other.sources.length === 1 ? other : { ...other, only: given };
  const alike = others.filter(
    ({ queue, sources }) => given !== '' && [queue, ...sources].some((name) => name.startsWith(given)),
  );
  if (begun.length + alike.length === 1) return alike[0] ?? servicePlace(app, begun[0]!.service);
  const text = JSON.stringify(given);
  if (begun.length + alike.length === 0) {
    throw new CliffracerError(
      'not_found',
      `there is no dead-letter queue ${text}, nor one behind a queue of that name`,
      {
        hint: 'cliffracer dlq list',
      },
    );
  }
  const found = [...begun.map(({ service }) => deadLetterQueueOf(service)), ...alike.map(({ queue }) => queue)];
  throw new CliffracerError('usage', `${text} is the beginning of several dead-letter queues: ${found.join(', ')}`, {
    hint: 'give more of it',
  });
}
