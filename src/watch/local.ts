import type { SeenConsumer, WatchedQueue, WatchedSystem } from '../lab/watch/model.ts';
import type { SeenTopic } from '../lab/watch/port.ts';
import type { ViewContext } from '../views/context.ts';
import { plural, safe, time } from '../views/text.ts';
import { harmlessLines, type LocalSubject, pretty } from './read.ts';
import { sparkline } from './sparkline.ts';

const LABEL = 13;

/** A subject of which everything is seen already, as the right pane shows it. */
export function localText(subject: LocalSubject, system: WatchedSystem, context: ViewContext): string {
  if (subject.kind === 'text') return harmlessLines(pretty(subject.text));
  const { name } = subject;
  const gone = `${safe(name)} is not there any more.`;
  if (subject.kind === 'topic') {
    const topic = system.topics.find((each) => each.name === name);
    return topic === undefined ? gone : topicText(topic, context);
  }
  if (subject.kind === 'consumer') {
    const consumer = system.consumers.find(({ caller }) => caller === name);
    return consumer === undefined ? 'It has received nothing for five minutes.' : consumerText(consumer, context);
  }
  const queue = system.queues.find((each) => each.queue === name);
  return queue === undefined ? gone : queueText(queue, system, context);
}

const row = (label: string, text: string, { paint }: ViewContext) => `${paint.dim(label.padEnd(LABEL))}  ${text}`;

function queueText(queue: WatchedQueue, system: WatchedSystem, context: ViewContext): string {
  const { paint } = context;
  const { ready, in_flight, delayed, held, hold, oldest_at, dead_letter_queue, dead_letters, dead_letters_of } = queue;
  const sources = system.topics.flatMap(({ name, subscriptions }) =>
    subscriptions.filter((each) => each.queue === queue.queue).map((each) => ({ topic: name, ...each })),
  );
  const where = hold?.where === null || hold === null ? '' : ` where ${safe(hold.where)}`;
  const lines = [
    row('messages', `${ready} ready, ${in_flight} in flight, ${delayed} delayed`, context),
    row('ready', sparkline(queue.history, Math.min(60, Math.max(1, context.width - LABEL - 2))), context),
    ...(hold === null
      ? []
      : [row('held', paint.yellow(`${held}${where}, since ${time(hold.since, context)}`), context)]),
    ...(oldest_at === null ? [] : [row('oldest', time(oldest_at, context), context)]),
    ...(dead_letter_queue === null
      ? []
      : [
          row(
            'dead letters',
            `${dead_letters ? paint.red(String(dead_letters)) : '0'} in ${safe(dead_letter_queue)}`,
            context,
          ),
        ]),
    ...dead_letters_of.map((source) => row('dead of', safe(source), context)),
    ...sources.map(({ topic, filter_policy, pending }) => {
      const filter = filter_policy === null ? 'everything' : filter_policy;
      return row('from', `${safe(topic)}  ${paint.dim(safe(pending ? 'pending' : filter))}`, context);
    }),
    ...(queue.consumers ?? []).map(({ caller, received, at }) =>
      row('consumer', `${paint.cyan(safe(caller))}  ${received} received, ${time(at, context)}`, context),
    ),
  ];
  if ((queue.consumers ?? []).length === 0) lines.push(row('consumer', paint.dim('none for five minutes'), context));
  return lines.join('\n');
}

function topicText({ arn, subscriptions }: SeenTopic, context: ViewContext): string {
  const { paint } = context;
  const lines = subscriptions.map(({ protocol, endpoint, queue, filter_policy, pending }) => {
    const to = queue === null ? `${protocol} ${endpoint}` : queue;
    return `-> ${paint.bold(safe(to))}  ${paint.dim(safe(pending ? 'pending' : (filter_policy ?? 'everything')))}`;
  });
  return [paint.dim(safe(arn)), plural(subscriptions.length, 'subscription'), ...lines].join('\n');
}

const consumerText = ({ queues, received, at }: SeenConsumer, context: ViewContext): string =>
  [
    row('received', plural(received, 'message'), context),
    row('latest', time(at, context), context),
    ...queues.map((queue) => row('queue', safe(queue), context)),
  ].join('\n');
