import { peekQueue, type SqsState } from '../../emulator/sqs/index.ts';
import { LabError } from '../error.ts';
import type { History } from '../history.ts';
import { contentOf, matches } from '../match.ts';
import type { LabMessage, LabQueue, Match } from '../types/resources.ts';
import { type Asked, expectFound, expectNone } from './expectations.ts';

const STATES = ['ready', 'in-flight', 'delayed'] as const;

export function labQueue(asked: Asked, history: History, name: string): LabQueue {
  const { lab } = asked.workshop;
  const state = () => lab.state<SqsState>('sqs');
  const settingsOf = () => {
    const queue = state().queues.get(name);
    if (queue !== undefined) return queue.settings;
    throw new LabError(`there is no queue ${name}\n\n${asked.report()}`);
  };
  const messagesIn = (queue: string, match: Match | undefined): LabMessage[] => {
    const now = lab.engine.clock.now();
    const everything = { limit: Number.POSITIVE_INFINITY };
    return STATES.flatMap((which) => peekQueue(state(), queue, now, which, everything))
      .sort((a, b) => a.sentAt - b.sentAt)
      .map(({ messageId: id, body, attributes, system, receiveCount, sentAt, ...rest }) => ({
        ...{ id, body, json: contentOf(body), state: rest.state, receives: receiveCount, sentAt: new Date(sentAt) },
        attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
        group: system.MessageGroupId,
      }))
      .filter((message) => matches(match, message));
  };
  const consumed = (match: Match | undefined) => history.deliveries(name, match).filter(({ end }) => end === 'deleted');
  return {
    ...{ name, url: lab.queueUrl(name), arn: lab.arn('sqs', name) },
    async consumed(match, options = {}) {
      settingsOf();
      return expectFound(asked, () => consumed(match), `consumed from ${name}`, match, options);
    },
    async expectNone(match, options = {}) {
      settingsOf();
      // Whoever asks that nothing came does not ask that it be handled.
      const except = [...[options.except ?? []].flat(), name];
      await expectNone(asked, () => history.arrivals(name, match), `sent to ${name}`, match, { ...options, except });
    },
    deliveries: (match) => history.deliveries(name, match),
    messages(match) {
      settingsOf();
      return messagesIn(name, match);
    },
    deadLetters(match) {
      const { redrive } = settingsOf();
      if (redrive === undefined) throw new LabError(`the queue ${name} has no dead-letter queue`);
      return messagesIn(redrive.targetName, match);
    },
  };
}
