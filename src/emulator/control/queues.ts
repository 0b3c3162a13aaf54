import type { Engine } from '../core/engine.ts';
import { AwsError } from '../core/errors.ts';
import { systemLoop } from '../core/host.ts';
import { arrivalKey, describeQueue, type ReleaseInput, type SqsState } from '../sqs/index.ts';
import { consumersSeen } from './consumers.ts';
import {
  badRequest,
  ControlError,
  type ControlRequest,
  type ControlRoutes,
  isoTime,
  notFound,
  scopeOf,
  wholeNumber,
} from './routing.ts';

const MOST_RELEASED = 100_000;
const LONGEST_WAIT_MS = 30_000;

/** `/_cliffracer/sqs/queues`: all queues as they stand, and holding them. */
export function queueRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const { state, consumers } = lookUp(engine, query);
      return { queues: [...state.queues.keys()].map((name) => described(state, name, consumers)) };
    },
    'GET /{name}': ({ params, query }) => {
      const { state, consumers } = lookUp(engine, query);
      if (!state.queues.has(params.name!)) throw notFound(`no such queue: ${params.name!.slice(0, 80)}`);
      return { queue: described(state, params.name!, consumers) };
    },
    'GET /{name}/receivers': (request) => receivers(engine, request),
    'POST /{name}/hold': (request) => {
      const where = optional(request.body, 'where', isText, 'a text');
      return act(engine, request, 'HoldQueue', where === undefined ? {} : { Where: where });
    },
    'DELETE /{name}/hold': (request) => act(engine, request, 'EndHold', {}),
    'POST /{name}/copy': (request) => act(engine, request, 'CopyMessage', copyInput(request.body)),
    'POST /{name}/release': (request) => act(engine, request, 'ReleaseMessages', releaseInput(request.body)),
    'POST /{name}/redrive': (request) => {
      const MessageId = optional(request.body, 'message', isText, 'the id of a message');
      const To = optional(request.body, 'to', isText, 'the name of a queue');
      if (MessageId === undefined || To === undefined) throw badRequest('give message and to');
      return act(engine, request, 'RedriveMessage', { MessageId, To });
    },
    'POST /{name}/dead-letter': (request) => {
      const message = optional(request.body, 'message', isText, 'the id of a message');
      if (message === undefined) throw badRequest('message is missing: the id of a message');
      return act(engine, request, 'DeadLetterMessage', { MessageId: message });
    },
  };
}

/** Long polls that wait at the queue. With `at_least` and `wait`, answers when there are so many, or the time is up. */
async function receivers(engine: Engine, { params, query, signal }: ControlRequest) {
  const { account, region } = scopeOf(query);
  const key = `sqs/${account}/${region}/${arrivalKey(params.name!)}`;
  const atLeast = query.has('at_least') ? wholeNumber(query, 'at_least', 1, 10_000) : 0;
  const until = systemLoop.elapsed() + (query.has('wait') ? wholeNumber(query, 'wait', 1, LONGEST_WAIT_MS) : 0);
  for (;;) {
    const waiting = engine.waiters.count(key);
    const left = until - systemLoop.elapsed();
    if (waiting >= atLeast || left <= 0 || signal?.aborted) return { waiting };
    await new Promise<void>((resolve) => {
      const end = () => {
        cancelTimer();
        cancelObserving();
        resolve();
      };
      const cancelObserving = engine.waiters.observe(end);
      const cancelTimer = engine.clock.host.after(left, end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}

function lookUp(engine: Engine, query: URLSearchParams) {
  const scope = scopeOf(query);
  if (!engine.services.has('sqs')) throw notFound('this engine has no sqs');
  engine.settle();
  const state = engine.stateOf('sqs', scope) as SqsState;
  return { state, consumers: consumersSeen(engine.calls, scope, engine.clock.now()) };
}

function described(state: SqsState, name: string, consumers: ReturnType<typeof consumersSeen>) {
  const queue = describeQueue(state, name)!;
  const { hold, oldestAt } = queue;
  return {
    ...{ name, fifo: queue.fifo, ready: queue.ready, in_flight: queue.inFlight, delayed: queue.delayed },
    held: queue.held,
    hold:
      hold === undefined ? null : { since: isoTime(hold.since), where: hold.where ?? null, released: hold.released },
    oldest_at: oldestAt === undefined ? null : isoTime(oldestAt),
    dead_letter_queue: queue.deadLetterQueue ?? null,
    dead_letters_of: queue.deadLettersOf,
    consumers: (consumers.get(name) ?? []).map(({ caller, at, received }) => ({ caller, at: isoTime(at), received })),
  };
}

function act(engine: Engine, { params, query }: ControlRequest, operation: string, input: object) {
  const scope = scopeOf(query);
  if (!engine.services.has('sqs')) throw notFound('this engine has no sqs');
  const entry = engine.calls?.own('sqs', operation, scope.account, scope.region);
  try {
    const call = {
      ...scope,
      service: 'sqs',
      operation,
      input: { ...input, QueueName: params.name },
      log: entry,
    } as const;
    return { queue: params.name, ...(engine.perform(call) as object) };
  } catch (error) {
    throw refusalOf(error, params.name!);
  } finally {
    if (entry?.effects !== undefined) {
      entry.at = engine.clock.now();
      engine.calls!.add(entry);
    }
  }
}

/** What the operation says of a wrong request; everything else is a fault of ours, or of the disk. */
function refusalOf(error: unknown, name: string): unknown {
  if ((error as Error).name === 'ExpressionError') return badRequest(`where, ${(error as Error).message}`);
  if (!(error instanceof AwsError)) return error;
  if (/NonExistentQueue|QueueDoesNotExist/.test(error.code)) return notFound(`no such queue: ${name.slice(0, 80)}`);
  if (error.code === 'NotFound') return notFound(error.message);
  if (error.code === 'Conflict') return new ControlError(409, 'conflict', error.message);
  return (error.status ?? 400) < 500 ? badRequest(error.message) : error;
}

function releaseInput(body: Record<string, unknown>): Omit<ReleaseInput, 'QueueName'> {
  const message = optional(body, 'message', isText, 'the id of a message');
  const messages = optional(body, 'messages', isTexts, 'a list of ids');
  const max = optional(body, 'max', isCount, `a whole number from 1 to ${MOST_RELEASED}`);
  const text = optional(body, 'body', isText, 'a text');
  const again = optional(body, 'again', isBoolean, 'true or false');
  if (message !== undefined && max !== undefined) throw badRequest('give message or max, not both');
  if (text !== undefined && max !== undefined && max > 1) throw badRequest('body is for one message');
  return {
    ...(message !== undefined && { MessageId: message }),
    ...(messages !== undefined && { MessageIds: messages }),
    ...(max !== undefined && { Max: max }),
    ...(text !== undefined && { Body: text }),
    ...(again === true && { Again: true }),
  };
}

function copyInput(body: Record<string, unknown>) {
  const message = optional(body, 'message', isText, 'the id of a message');
  if (message === undefined) throw badRequest('message must be the id of a message');
  const text = optional(body, 'body', isText, 'a text');
  const fresh = optional(body, 'fresh', isBoolean, 'true or false');
  return { MessageId: message, ...(text !== undefined && { Body: text }), ...(fresh === true && { Fresh: true }) };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every(isText);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_RELEASED;

function optional<T>(
  body: Record<string, unknown>,
  name: string,
  is: (value: unknown) => value is T,
  what: string,
): T | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw badRequest(`${name} must be ${what}`);
  return value;
}
