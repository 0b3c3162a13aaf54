import { Command, Option } from 'commander';
import type { App } from '../app.ts';
import { orderArgument } from '../cli/arguments.ts';
import { ORDER } from '../questions/offers.ts';
import { which } from '../questions/which.ts';
import type { Trace } from '../shop/trace/facts.ts';
import type { FollowFact } from '../shop/trace/source.ts';
import type { View } from '../views/context.ts';
import { traceStepView } from '../views/trace.ts';

const FORMATS = ['tree', 'timeline', 'mermaid', 'json'] as const;
type Format = (typeof FORMATS)[number];

export interface TraceOptions {
  follow?: boolean;
  format: Format;
}

export function traceCommand(app: App): Command {
  return new Command('trace')
    .addArgument(orderArgument())
    .option('-f, --follow', 'tell each delivery as it comes, until the order is settled or Ctrl-C')
    .addOption(new Option('--format <format>', 'how to show it').choices(FORMATS).default('tree'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer trace ord_01kb6p8zr3n8w2vq\n  $ cliffracer trace ord_01kb6p8zr3n8w2vq --format mermaid > order.mmd',
    )
    .action(async (given: string | undefined, options: TraceOptions) =>
      show(app, await which(app, ORDER, given), options),
    );
}

async function show(app: App, id: string, options: TraceOptions): Promise<void> {
  if (!options.follow) return print(app, await trace(app, id), options.format);
  for await (const fact of followTrace(app, id)) {
    if (fact.kind === 'step') {
      if (app.print.json || options.format !== 'json') await app.print.fact(fact, traceStepView);
      continue;
    }
    if (app.print.json) await app.print.fact(fact, () => '');
    else {
      if (options.format !== 'json') await app.print.raw('\n');
      await print(app, fact, options.format);
    }
    if (!fact.settled) app.fail('interrupted');
  }
}

async function print(app: App, found: Trace, format: Format): Promise<void> {
  const forPeople = format === 'tree' || format === 'timeline';
  await app.print[forPeople ? 'result' : 'document'](found, await viewFor(format));
}

async function viewFor(format: Format): Promise<View<Trace>> {
  switch (format) {
    case 'tree':
      return (await import('../views/trace.ts')).traceTreeView;
    case 'timeline':
      return (await import('../views/trace.ts')).traceTimelineView;
    case 'mermaid':
      return (await import('../views/mermaid.ts')).traceMermaidView;
    case 'json':
      return (found) => JSON.stringify(found, undefined, 2);
  }
}

/** One order across all services; rejects with `not_found`. */
export async function trace(app: App, id: string): Promise<Trace> {
  const [{ ports }, { traceOrder }] = await Promise.all([app.connect(), import('../shop/trace/source.ts')]);
  return traceOrder(id, ports);
}

/** The deliveries of an order as they come; the last fact is the whole trace. */
export async function* followTrace(app: App, id: string): AsyncGenerator<FollowFact> {
  const [{ ports, clock }, { followOrder }] = await Promise.all([app.connect(), import('../shop/trace/source.ts')]);
  app.endsOnSignal();
  yield* followOrder(id, { ports, clock, signal: app.signal });
}
