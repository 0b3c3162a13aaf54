import type { ServiceName } from '../domain/names.ts';
import type { View } from './context.ts';
import { plural, safe } from './text.ts';

/** How things stand before anything is chosen. */
export type Situation =
  | { state: 'no_engine'; place: string; detail: string }
  | { state: 'no_stack'; place: string; stack: string }
  | {
      state: 'ready';
      place: string;
      stack: string;
      /** Messages that are ready or delayed. */
      waiting: number;
      in_flight: number;
      dead_lettered: readonly { service: ServiceName; messages: number }[];
      has_orders: boolean;
    };

/** A command that fits the situation, and what it does for the person. */
export interface Suggestion {
  line: string;
  text: string;
}

/** Where the person is: the engine, the stack where it is not the default one, and what waits. */
export const situationView: View<Situation> = (situation, { paint }) => {
  const place = paint.cyan(safe(situation.place));
  if (situation.state === 'no_engine') {
    return `\n${paint.yellow('No engine')} at ${place}: ${safe(situation.detail)}`;
  }
  const stack = situation.stack === 'default' ? '' : `, stack ${safe(situation.stack)}`;
  if (situation.state === 'no_stack') return `\n${place}${stack}: ${paint.yellow('nothing is provisioned')}`;
  const { waiting, in_flight, dead_lettered } = situation;
  const dead = dead_lettered.reduce((sum, { messages }) => sum + messages, 0);
  const parts = [
    ...(waiting > 0 ? [paint.bold(`${plural(waiting, 'message')} waiting`)] : []),
    ...(in_flight > 0 ? [paint.cyan(`${in_flight} in flight`)] : []),
    ...(dead > 0 ? [paint.red(`${plural(dead, 'dead letter')}`)] : []),
  ];
  return `\n${place}${stack}: ${parts.length > 0 ? parts.join(', ') : paint.dim('the queues are empty')}`;
};

/** What there is to do now, the most urgent first. */
export function suggestionsFor(situation: Situation): Suggestion[] {
  if (situation.state === 'no_engine') {
    return [
      { line: 'up', text: 'start the engine and provision the shop' },
      { line: 'demo', text: 'watch three orders on an engine of their own' },
      { line: 'doctor', text: 'find out what is wrong here' },
    ];
  }
  if (situation.state === 'no_stack') {
    return [
      { line: 'provision', text: 'make the queues, tables and the rest of the shop' },
      { line: 'demo', text: 'watch three orders on an engine of their own' },
    ];
  }
  const { waiting, in_flight, dead_lettered, has_orders } = situation;
  const dead = dead_lettered.reduce((sum, { messages }) => sum + messages, 0);
  const [first, ...others] = dead_lettered;
  return [
    ...(waiting > 0
      ? [
          { line: 'drain --step', text: `step through ${plural(waiting, 'waiting message')}` },
          { line: 'drain', text: waiting === 1 ? 'handle it, and what follows' : 'handle them all, and what follows' },
        ]
      : []),
    ...(first !== undefined
      ? [
          others.length > 0
            ? { line: 'dlq list', text: `see why ${plural(dead, 'message')} could not be handled` }
            : { line: `dlq show ${first.service}`, text: `see why ${plural(dead, 'message')} could not be handled` },
        ]
      : []),
    ...(waiting === 0 && in_flight > 0
      ? [
          {
            line: 'inspect queues',
            text: `wait for others: ${plural(in_flight, 'message is', 'messages are')} in flight`,
          },
        ]
      : []),
    { line: 'order create', text: has_orders ? 'place an order' : 'place the first order' },
    ...(has_orders
      ? [
          { line: 'trace @last', text: 'see what became of the latest order' },
          { line: 'order list', text: 'see the orders' },
          { line: 'audit', text: 'prove that nothing was lost or doubled' },
        ]
      : []),
  ];
}

/** The command line that a choice stands for, so that it can be typed the next time. */
export const ranView: View<readonly string[]> = (argv, { paint }) =>
  paint.dim(
    `$ cliffracer ${argv.map((word) => (/^[\w@.:=+/-]+$/.test(word) ? safe(word) : `'${safe(word)}'`)).join(' ')}`,
  );
