import type { App } from '../app.ts';
import { queueOf, SERVICES } from '../domain/names.ts';
import { targetKind } from '../engines/aws.ts';
import { embeddedHolds } from '../engines/embedded/holds.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { CliffracerError } from '../errors.ts';
import { findName } from '../lab/queues/find.ts';
import type { Holds, Messaging, QueueState, TopicState } from '../lab/queues/port.ts';

const QUEUE = { name: 'queue', plural: 'queues', hint: 'cliffracer queue list' };
const TOPIC = { name: 'topic', plural: 'topics', hint: 'cliffracer topic list' };

/** The queues of the embedded engine; rejects with `unsupported` where the target is AWS. */
export async function holdsOf(app: App): Promise<Holds> {
  if (targetKind(app.globals, app.env) === 'aws') {
    throw new CliffracerError(
      'unsupported',
      'holding a queue is a feature of the embedded engine, and the target is AWS',
      {
        hint: 'cliffracer up --engine embedded --port 0',
      },
    );
  }
  const region = resolveRegion(app.globals.region, app.env).value;
  return embeddedHolds((await app.endpoint()).value, region, app.clock.now);
}

export async function messagingOf(app: App): Promise<Messaging> {
  const [{ clients }, { createMessaging }] = await Promise.all([app.connect(), import('../aws/messaging.ts')]);
  return createMessaging(clients);
}

/** Every queue there is; the embedded engine tells most, and is asked first. */
export async function queueStates(app: App): Promise<QueueState[]> {
  if (targetKind(app.globals, app.env) === 'aws') return (await messagingOf(app)).queues();
  try {
    return await (await holdsOf(app)).queues();
  } catch (error) {
    if (!(error instanceof CliffracerError) || error.code !== 'unsupported') throw error;
    return (await messagingOf(app)).queues();
  }
}

/** Whether the embedded engine has other programs' queues only: what asks the shop's resources would only fail there. */
export async function isWithoutShop(app: App): Promise<boolean> {
  if (targetKind(app.globals, app.env) === 'aws') return false;
  const { stackNames } = await import('../shop/stack/names.ts');
  const names = stackNames(app.globals.stack);
  const own = new Set(SERVICES.map((service) => names.queue(queueOf(service))));
  try {
    const queues = await (await holdsOf(app)).queues();
    return queues.length > 0 && !queues.some(({ queue }) => own.has(queue));
  } catch (error) {
    if (error instanceof CliffracerError && error.code === 'unsupported') return false;
    throw error;
  }
}

/** A queue by its own name, its name in the stack, its service, or its beginning. */
export async function namedQueue(app: App, given: string, states: readonly QueueState[]): Promise<QueueState> {
  const { stackNames } = await import('../shop/stack/names.ts');
  const names = stackNames(app.globals.stack);
  const service = SERVICES.find((each) => each === given);
  const otherwise = [names.queue(given), ...(service === undefined ? [] : [names.queue(queueOf(service))])];
  const all = states.map(({ queue }) => queue);
  const name = findName(QUEUE, all, given, otherwise);
  return states.find(({ queue }) => queue === name)!;
}

/** A topic by its ARN, its name, its name in the stack, or its beginning. */
export async function namedTopic(app: App, given: string, topics: readonly TopicState[]): Promise<TopicState> {
  const byArn = topics.find(({ arn }) => arn === given);
  if (byArn !== undefined) return byArn;
  const { stackNames } = await import('../shop/stack/names.ts');
  const { stack } = stackNames(app.globals.stack);
  const all = topics.map(({ topic }) => topic);
  const name = findName(TOPIC, all, given, stack === 'default' ? [] : [`${stack}-${given}`]);
  return topics.find(({ topic }) => topic === name)!;
}
