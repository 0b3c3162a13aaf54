import { Argument, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { completing } from '../../cli/arguments.ts';
import { EMBEDDED_ACCOUNT } from '../../connection.ts';
import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { peekMessages } from '../../engines/peek.ts';
import type { LookDeps } from '../../shop/dead-letters/look.ts';

/** A dead-letter queue by its service, by the queue that it stands behind, or by its own name. */
export const queueArgument = () =>
  new Argument('<queue>', `whose dead letters: ${SERVICES.join(', ')}`).argParser(completing(SERVICES, serviceOf));

function serviceOf(text: string): ServiceName {
  const found = SERVICES.find((service) => [service, queueOf(service), deadLetterQueueOf(service)].includes(text));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `The dead-letter queues are ${SERVICES.map(deadLetterQueueOf).join(', ')}; ${SERVICES[2]} or ${queueOf(SERVICES[2])} will do.`,
  );
}

/** What looking at dead letters needs: the ports, and the embedded engine's way to look without receiving. */
export async function lookDeps(app: App): Promise<LookDeps> {
  const { ports, target, names } = await app.connect();
  const { kind, endpoint, region, account = EMBEDDED_ACCOUNT } = target;
  if (kind !== 'local' || endpoint === undefined) return { ports };
  const peek = (queue: string, limit: number) =>
    peekMessages(endpoint, { queue: names.queue(queue), account, region, limit });
  return { ports, peek };
}
