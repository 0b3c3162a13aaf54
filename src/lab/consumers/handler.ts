import type { MappingFact } from '../lambda/facts.ts';
import { type FunctionProcess, LambdaFunction } from '../lambda/function.ts';
import { runMapping } from '../lambda/mapping.ts';
import { visibilityFault } from '../lambda/settings.ts';
import { startChild } from './child.ts';
import type { FunctionConsumer } from './consumer.ts';
import { consumerEnvironment } from './environment.ts';
import { type ConsumerWorld, type Running, terminate } from './running.ts';

/** Runs a Lambda handler behind an event source mapping of its queue. Rejects when there is no such queue or program. */
export async function runHandler(consumer: FunctionConsumer, world: ConsumerWorld): Promise<Running> {
  const { name, settings, filter } = consumer;
  const { clock, uuid } = world;
  const queue = await world.openQueue(consumer.queue, name);
  const fault = visibilityFault(settings, queue);
  if (fault !== undefined) throw consumer.refuse(fault);
  const lambda = new LambdaFunction({
    ...{ name, clock, arn: functionArn(queue.arn, name), timeoutSeconds: settings.timeout, newRequestId: uuid },
    launch: (variables) => launch(consumer, world, variables),
    onFailure: (error) => world.tell({ consumer: name, kind: 'failed', error }),
  });
  await lambda.warm();
  const stopped = new AbortController();
  const mapping = runMapping({
    ...{ queue, settings, filter, clock, signal: stopped.signal, tell: teller(name, world) },
    invoke: (event, trace) => lambda.invoke(event, trace),
    newTrace: () => traceHeader(world),
    ...(world.settled !== undefined && { settled: world.settled }),
  });
  const end = async () => {
    await mapping;
    lambda.stop();
    await lambda.ended();
  };
  return {
    restart: () => {
      lambda.recycle();
      lambda.warm().catch((error: Error) => {
        world.tell({
          consumer: name,
          kind: 'failed',
          error: { type: 'Runtime.InvalidEntrypoint', message: error.message },
        });
      });
    },
    stop: () => stopped.abort(),
    kill: () => lambda.kill(),
    ended: end(),
  };
}

async function launch(
  consumer: FunctionConsumer,
  world: ConsumerWorld,
  variables: Record<string, string>,
): Promise<FunctionProcess> {
  const { name, directory, handler, command = world.nodeRuntime } = consumer;
  const { place, kill, clock, tell } = world;
  const own = { ...variables, ...consumer.env, _HANDLER: handler, LAMBDA_TASK_ROOT: directory };
  const env = consumerEnvironment(world.env, place, name, own);
  const onLine = (stream: 'stdout' | 'stderr', text: string) => tell({ consumer: name, kind: 'line', stream, text });
  const child = await startChild({ consumer: name, command, directory, env, kill, clock, onLine });
  tell({ consumer: name, kind: 'started', pid: child.pid });
  return { exited: child.exited, stop: () => terminate(child), kill: () => child.signal('SIGKILL') };
}

/** An engine that does not answer is told of once, and not at every try. */
function teller(consumer: string, { tell }: ConsumerWorld): (fact: MappingFact) => void {
  let last: string | undefined;
  return (fact) => {
    const failure = fact.kind === 'poll_failed' ? fact.message : undefined;
    if (failure === undefined || failure !== last) tell({ consumer, ...fact });
    last = failure;
  };
}

function functionArn(queueArn: string, name: string): string {
  const [, partition = 'aws', , region = '', account = ''] = queueArn.split(':');
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
}

/** X-Ray Developer Guide, "Tracing header": the root begins with the time in seconds. */
function traceHeader({ clock, bytes }: ConsumerWorld): string {
  const hex = (count: number) => Buffer.from(bytes(count)).toString('hex');
  const seconds = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
