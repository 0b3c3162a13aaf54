import { LAMBDA, type Rule } from './rule.ts';
import { isHere, type LintMapping, type LintQueue, lastPart, queueAt, type System } from './system.ts';

const CONFIGURE = `${LAMBDA}/services-sqs-configure.html`;
const PARAMETERS = `${LAMBDA}/services-sqs-parameters.html`;

const named = ({ id }: LintMapping) => `mapping ${id}`;

/** Mappings with their queue and their function's timeout, where both are known. */
function known(system: System): { mapping: LintMapping; queue: LintQueue; timeout: number }[] {
  return system.mappings.flatMap((mapping) => {
    const queue = queueAt(system, mapping.queue);
    const { timeout } = mapping;
    return queue === undefined || timeout === undefined ? [] : [{ mapping, queue, timeout }];
  });
}

const enough = ({ mapping, timeout }: { mapping: LintMapping; timeout: number }) => 6 * timeout + mapping.batchWindow;

export const MAPPING_RULES: readonly Rule[] = [
  {
    code: 'visibility-below-timeout',
    severity: 'error',
    about: "a queue's visibility timeout below the timeout of its function",
    happens: 'the mapping is refused: a message would be given out again while the function still handles it',
    remedy: 'make VisibilityTimeout six times the timeout of the function',
    page: CONFIGURE,
    find: (system) =>
      known(system)
        .filter(({ queue, timeout }) => queue.visibility < timeout)
        .map(({ mapping, queue, timeout }) => ({
          resource: `queue ${queue.name}`,
          detail: `visibility ${queue.visibility} s, ${mapping.function} may take ${timeout} s`,
        })),
  },
  {
    code: 'visibility-below-six-timeouts',
    severity: 'warning',
    about: "a queue's visibility timeout below six times the timeout of its function, with the batch window",
    happens: 'when the function is throttled, its retries outlast the visibility timeout: messages are handled twice',
    remedy: 'make VisibilityTimeout six times the timeout of the function, and add the batch window',
    page: CONFIGURE,
    find: (system) =>
      known(system)
        .filter((each) => each.queue.visibility >= each.timeout && each.queue.visibility < enough(each))
        .map((each) => ({
          resource: `queue ${each.queue.name}`,
          detail: `visibility ${each.queue.visibility} s, ${each.mapping.function} wants ${enough(each)} s`,
        })),
  },
  {
    code: 'mapping-without-queue',
    severity: 'error',
    about: 'an event source mapping of a queue that does not exist',
    happens: 'the mapping is refused',
    remedy: 'make the queue, or correct EventSourceArn',
    page: PARAMETERS,
    find: (system) =>
      system.mappings
        .filter(({ queue }) => isHere(system, queue) && queueAt(system, queue) === undefined)
        .map((mapping) => ({ resource: named(mapping), detail: `there is no queue ${lastPart(mapping.queue)}` })),
  },
  {
    code: 'batch-window-fifo',
    severity: 'error',
    about: 'a batch window with a FIFO queue',
    happens: 'the mapping is refused: batch windows are for standard queues',
    remedy: 'leave out MaximumBatchingWindowInSeconds',
    page: PARAMETERS,
    find: ({ mappings }) =>
      mappings
        .filter(({ queue, batchWindow }) => queue.endsWith('.fifo') && batchWindow > 0)
        .map((mapping) => ({ resource: named(mapping), detail: `window ${mapping.batchWindow} s` })),
  },
  {
    code: 'batch-size-fifo',
    severity: 'error',
    about: 'batches above ten with a FIFO queue',
    happens: 'the mapping is refused: a FIFO queue gives ten messages at most',
    remedy: 'set BatchSize to 10 or less',
    page: PARAMETERS,
    find: ({ mappings }) =>
      mappings
        .filter(({ queue, batchSize }) => queue.endsWith('.fifo') && batchSize > 10)
        .map((mapping) => ({ resource: named(mapping), detail: `batches of ${mapping.batchSize}` })),
  },
  {
    code: 'batch-size-without-window',
    severity: 'error',
    about: 'batches above ten without a batch window',
    happens: 'the mapping is refused: more than ten messages are gathered in a window of at least a second',
    remedy: 'set MaximumBatchingWindowInSeconds to 1 or more',
    page: PARAMETERS,
    find: ({ mappings }) =>
      mappings
        .filter((each) => !each.queue.endsWith('.fifo') && each.batchSize > 10 && each.batchWindow < 1)
        .map((mapping) => ({ resource: named(mapping), detail: `batches of ${mapping.batchSize}, no window` })),
  },
  {
    code: 'whole-batch-again',
    severity: 'warning',
    about: 'batches without ReportBatchItemFailures',
    happens: 'when one message fails the whole batch comes back: those that were handled are handled again',
    remedy:
      'set FunctionResponseTypes to ReportBatchItemFailures and answer with the failed ids, or set BatchSize to 1',
    page: `${LAMBDA}/services-sqs-errorhandling.html`,
    find: ({ mappings }) =>
      mappings
        .filter(({ batchSize, reportBatchItemFailures }) => batchSize > 1 && !reportBatchItemFailures)
        .map((mapping) => ({ resource: named(mapping), detail: `batches of ${mapping.batchSize}` })),
  },
];
