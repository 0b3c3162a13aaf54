import { nextUuid } from '../emulator/core/random.ts';
import { callHandler } from '../lab/lambda/call-handler.ts';
import type { SqsRecord } from '../lab/lambda/event.ts';
import type { Invocation as Ended } from '../lab/lambda/facts.ts';
import { runMapping } from '../lab/lambda/mapping.ts';
import { visibilityFault } from '../lab/lambda/settings.ts';
import {
  type Attached,
  attach,
  type ConsumerPlace,
  checkedSettings,
  newTrace,
  type RunningConsumer,
  runConsumer,
} from './consume.ts';
import type { Invocation } from './invocations.ts';
import type { ConsumeOptions, LambdaHandler } from './types/consumers.ts';

/** Calls a Lambda handler of this process behind an event source mapping of the queue. Throws what AWS would refuse. */
export function consumeAsLambda(
  place: ConsumerPlace,
  queue: string,
  handler: LambdaHandler,
  options: ConsumeOptions,
): RunningConsumer {
  const attached = attach(place, queue, options.name);
  try {
    const { settings, filter, refuse } = checkedSettings(attached.name, queue, options);
    const fault = visibilityFault(settings, attached.queue);
    if (fault !== undefined) throw refuse(fault);
    return runConsumer(place, attached, ({ polled, signal, isOver }) =>
      runMapping({
        ...{ queue: polled, settings, filter, signal, clock: place.time, newTrace: () => newTrace(place) },
        async invoke(event, trace) {
          const requestId = nextUuid(place.random);
          if (isOver()) return { requestId, error: { type: 'LabError', message: 'the world is another one' } };
          return invoke(place, attached, { handler, requestId, seconds: settings.timeout, event, trace });
        },
        settled(messages) {
          if (!isOver()) place.handled(messages);
        },
        tell(fact) {
          if (fact.kind === 'poll_failed') attached.throws(new Error(fact.message));
          if (fact.kind === 'filtered') place.filtered(fact.messages);
          if (fact.kind === 'invoked' && fact.error?.type === 'ReportBatchItemFailures')
            attached.throws(new Error(fact.error.message));
        },
      }),
    );
  } catch (error) {
    place.consumers.delete(attached.name);
    throw error;
  }
}

interface Work {
  handler: LambdaHandler;
  requestId: string;
  /** That it may take. */
  seconds: number;
  event: string;
  trace: string;
}

async function invoke(place: ConsumerPlace, attached: Attached, work: Work): Promise<Ended> {
  const { invocations } = place;
  const { handler, requestId, seconds, trace } = work;
  const event = JSON.parse(work.event) as { Records: SqsRecord[] };
  const messages = event.Records.map(({ messageId }) => messageId);
  const deadline = place.time.now() + seconds * 1000;
  const run = async (invocation: Invocation) => {
    void limit(place, invocation, deadline, `${requestId} Task timed out after ${seconds.toFixed(2)} seconds`);
    return callHandler(handler, event, contextOf(place, attached, requestId, deadline));
  };
  try {
    const result = await invocations.run({ consumer: attached.name, trace, messages }, run);
    return { requestId, response: JSON.stringify(result === undefined ? null : result) };
  } catch (error) {
    attached.throws(error);
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
    return { requestId, error: { type: name, message } };
  }
}

/** A handler that takes longer, by the lab's clock, has failed; what it still does has no effect. */
async function limit({ time, invocations }: ConsumerPlace, invocation: Invocation, deadline: number, why: string) {
  const { signal } = invocation.ended;
  await time.pass(deadline, signal);
  if (!signal.aborted) invocations.giveUp(invocation, why);
}

function contextOf(place: ConsumerPlace, { name, queue }: Attached, awsRequestId: string, deadline: number) {
  const [, partition, , region, account] = queue.arn.split(':');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    invokedFunctionArn: `arn:${partition}:lambda:${region}:${account}:function:${name}`,
    awsRequestId,
    getRemainingTimeInMillis: () => deadline - place.time.now(),
  };
}
