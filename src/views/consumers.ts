import type { ConsumerFact } from '../lab/consumers/facts.ts';
import type { Palette, View } from './context.ts';
import { duration, plural, safe } from './text.ts';

/** Of a consumer, in which a reason is looked for: a stack and what stands around it. */
const MOST_LINES = 50;

const COLOURS: readonly (keyof Palette)[] = ['cyan', 'magenta', 'green', 'yellow', 'blue'];

/** One log of all consumers: each line bears the name of its consumer, in a colour of its own. */
export function consumersView(names: readonly string[]): View<ConsumerFact> {
  const width = Math.max(...names.map((name) => name.length));
  const printed = new Map<string, string[]>();
  return (fact, context) => {
    const { paint } = context;
    const { consumer } = fact;
    const colour = COLOURS[names.indexOf(consumer) % COLOURS.length] ?? 'bold';
    const lines = printed.get(consumer) ?? [];
    if (fact.kind === 'line') printed.set(consumer, [...lines, fact.text].slice(-MOST_LINES));
    return `${paint[colour](`${consumer.padEnd(width)} |`)} ${textOf(fact, lines, paint)}`;
  };
}

/** `printed`: what the consumer printed last. */
function textOf(fact: ConsumerFact, printed: readonly string[], paint: Palette): string {
  switch (fact.kind) {
    case 'line':
      return safe(fact.text);
    case 'started':
      return paint.dim(`started, pid ${fact.pid}`);
    case 'exited': {
      const again = fact.restartMs === undefined ? '' : `; starts again in ${duration(fact.restartMs)}`;
      return paint.yellow(`ended: ${safe(fact.reason)}${again}`);
    }
    case 'failed':
      return paint.red(failedText(fact.error, printed));
    case 'changed':
      return paint.dim(`${safe(fact.file)} changed`);
    case 'filtered':
      return paint.dim(`${plural(fact.messages.length, 'message')} deleted that no filter lets through`);
    case 'out_of_order':
      return paint.yellow(
        `message ${safe(fact.message)} was handled after a failed one of its group ${safe(fact.group)}, and is deleted`,
      );
    case 'poll_failed':
      return paint.red(safe(fact.message));
    case 'invoked':
      return invokedText(fact, paint);
  }
}

function invokedText(fact: ConsumerFact & { kind: 'invoked' }, paint: Palette): string {
  const { messages, failed, durationMs, error } = fact;
  const took = paint.dim(duration(durationMs));
  if (failed.length === 0) return `${paint.green(`handled ${plural(messages.length, 'message')}`)}  ${took}`;
  const count = failed.length === messages.length ? '' : `${failed.length} of `;
  const why = error === undefined ? '' : `: ${errorText(error)}`;
  return `${paint.red(`failed with ${count}${plural(messages.length, 'message')}${why}`)}  ${took}`;
}

/** Most runtimes print by themselves why they cannot begin, with the place: once is enough. */
function failedText(error: { type: string; message: string }, printed: readonly string[]): string {
  const [first = ''] = error.message.split('\n');
  const isTold = first !== '' && printed.some((line) => line.includes(first));
  return isTold ? 'it cannot begin, for the reason above' : errorText(error);
}

const errorText = ({ type, message }: { type: string; message: string }) => `${safe(type)}: ${safe(message)}`;
