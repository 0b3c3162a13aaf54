import { requestHandler } from '../emulator/request-handler.ts';
import { Ends } from '../lab/check/ends.ts';
import type { ConsumerPlace, RunningConsumer } from './consume.ts';
import { LabEngine, NOWHERE } from './engine.ts';
import { History } from './history.ts';
import { Invocations } from './invocations.ts';
import { labFaults } from './lab-faults.ts';
import { consumeAsLambda } from './lambda-consumer.ts';
import { LabPort } from './port.ts';
import { report } from './report.ts';
import { labBucket } from './resources/bucket.ts';
import type { Asked } from './resources/expectations.ts';
import { logEventsOf, metricOf } from './resources/observed.ts';
import { labQueue } from './resources/queue.ts';
import { labTable } from './resources/table.ts';
import { labTopic } from './resources/topic.ts';
import { publish, send } from './sending.ts';
import { checkSettled, settleLab, settlePresent } from './settle.ts';
import { consumeAsSqsConsumer } from './sqs-consumer.ts';
import { LabTime, milliseconds } from './time.ts';
import type { LabCheckOptions, LabVerdict } from './types/check.ts';
import type {
  ConsumeOptions,
  LabConsumer,
  LambdaHandler,
  SqsConsumerHandlers,
  SqsConsumerOptions,
} from './types/consumers.ts';
import type { Lab, LabOptions, LabSnapshot } from './types/lab.ts';
import type { Duration, SettleOptions } from './types/settle.ts';
import { Worlds } from './worlds.ts';

const OVER = 'the lab was restored';
const CLOSED = 'the lab was closed';

/** A lab with nothing in it. */
export function openLab(options: LabOptions): Lab {
  const lab = new LabEngine(options);
  const { seed = 1 } = options;
  const time = new LabTime(lab.engine);
  const invocations = new Invocations();
  const history = new History(lab);
  const worlds = new Worlds(lab);
  const port = new LabPort(lab.emulator, lab.region);
  const ends = new Ends();
  const thrown: { consumer: string; error: unknown }[] = [];
  const running = new Set<RunningConsumer>();
  const place: ConsumerPlace = {
    ...{ lab, time, invocations, consumers: new Set() },
    random: { random: seed ^ 0x1ab },
    thrown: (consumer, error) => void thrown.push({ consumer, error }),
    handled: (messages) => ends.note(messages),
    filtered(messages) {
      for (const message of messages) history.filtered.add(message);
    },
  };
  const asked: Asked = { workshop: place, report: () => report(lab, thrown) };
  const handler = invocations.requestHandler(requestHandler(lab.emulator));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

  function consume(
    queue: string,
    handlers: LambdaHandler | SqsConsumerHandlers,
    options: ConsumeOptions & SqsConsumerOptions = {},
  ): LabConsumer {
    const consumer =
      typeof handlers === 'function'
        ? consumeAsLambda(place, queue, handlers, options)
        : consumeAsSqsConsumer(place, queue, handlers, options);
    running.add(consumer);
    const { name, errors } = consumer;
    return { name, errors, stop: () => consumer.stop() };
  }

  async function advance(by: Duration, { patience }: Pick<SettleOptions, 'patience'> = {}): Promise<void> {
    const until = lab.engine.clock.now() + milliseconds(by, 'advance');
    // What is to be handled on the way is handled at its time.
    for (;;) {
      await settlePresent(place, patience);
      const next = Math.min(until, time.nextWake ?? until, lab.engine.state.timers[0]?.at ?? until);
      if (lab.engine.clock.now() >= until) return;
      lab.engine.advanceTo(next);
    }
  }

  function restore(snapshot: LabSnapshot): void {
    worlds.restore(snapshot);
    putBack();
    history.filtered.clear();
    thrown.length = 0;
  }

  function putBack(): void {
    invocations.giveUpAll(OVER);
    for (const consumer of running) consumer.restart();
  }

  async function check(scenario: () => unknown, options: LabCheckOptions = {}): Promise<LabVerdict> {
    const { checkLab } = await import('./check.ts');
    const before = worlds.take();
    try {
      return await checkLab({ workshop: place, ends, running, putBack }, scenario, options);
    } finally {
      restore(before);
    }
  }

  async function close(): Promise<void> {
    invocations.giveUpAll(CLOSED);
    await Promise.all([...running].map((consumer) => consumer.stop()));
    await port.close();
    lab.emulator.close();
    invocations.close();
  }

  return {
    region: lab.region,
    client: { region: lab.region, endpoint: NOWHERE, credentials, requestHandler: handler },
    requestHandler: handler,
    endpoint: () => port.endpoint(),
    env: (name) => port.env(name),
    publish: (topic, body, options = {}) => publish(lab, topic, body, options),
    send: (queue, body, options = {}) => send(lab, queue, body, options),
    consume,
    settled: async (options = {}) => checkSettled(await settleLab(place, options), asked.report),
    queue: (name) => labQueue(asked, history, name),
    topic: (name) => labTopic(asked, history, name),
    table: (name) => labTable(lab, name),
    bucket: (name) => labBucket(lab, name),
    metric: (namespace, name, dimensions = {}) => metricOf(lab, namespace, name, dimensions),
    logs: (group, stream) => logEventsOf(lab, group, stream),
    clock: { now: () => new Date(lab.engine.clock.now()), advance },
    faults: labFaults(lab, asked.report),
    snapshot: () => worlds.take(),
    restore,
    check,
    diff: (from, to) => worlds.diff(from, to),
    report: asked.report,
    close,
    [Symbol.asyncDispose]: close,
  };
}
