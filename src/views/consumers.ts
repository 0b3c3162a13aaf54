import type { ConsumerFact } from '../lab/consumers/facts.ts';
import type { Palette, View } from './context.ts';
import { duration, plural, safe } from './text.ts';

const COLOURS: readonly (keyof Palette)[] = ['cyan', 'magenta', 'green', 'yellow', 'blue'];

/** One log of all consumers: each line bears the name of its consumer, in a colour of its own. */
export function consumersView(names: readonly string[]): View<ConsumerFact> {
  const width = Math.max(...names.map((name) => name.length));
  return (fact, context) => {
    const { paint } = context;
    const colour = COLOURS[names.indexOf(fact.consumer) % COLOURS.length] ?? 'bold';
    return `${paint[colour](`${fact.consumer.padEnd(width)} |`)} ${textOf(fact, paint)}`;
  };
}

function textOf(fact: ConsumerFact, paint: Palette): string {
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
      return paint.red(errorText(fact.error));
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

const errorText = ({ type, message }: { type: string; message: string }) => `${safe(type)}: ${safe(message)}`;
