import { Command, Option } from 'commander';
import type { TraceFormat, TraceOptions } from '../access/call-trace.ts';
import type { App } from '../app.ts';
import { orderArgument } from '../cli/arguments.ts';
import { CliffracerError, type ErrorCode } from '../errors.ts';
import { ORDER } from '../questions/offers.ts';
import { which } from '../questions/which.ts';
import type { Trace } from '../shop/trace/facts.ts';
import type { FollowFact } from '../shop/trace/source.ts';
import type { View } from '../views/context.ts';
import { traceStepView } from '../views/trace.ts';

const FORMATS: readonly TraceFormat[] = ['tree', 'timeline', 'mermaid', 'json', 'otlp'];

export function traceCommand(app: App): Command {
  return new Command('trace')
    .addArgument(
      orderArgument(
        'an order, its beginning, or @last; on the embedded engine also a message, table/key, bucket/key or any text',
      ),
    )
    .option('-f, --follow', 'tell each delivery as it comes, until all is settled or Ctrl-C')
    .option('--calls', 'of an order too, what the call log has (embedded engine), instead of what the shop recorded')
    .addOption(new Option('--format <format>', 'how to show it').choices(FORMATS).default('tree'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer trace ord_01kb6p8zr3n8w2vq\n  $ cliffracer trace ord_01kb6p8zr3n8w2vq --format mermaid > order.mmd\n' +
        '  $ cliffracer trace orders/o-1 --format timeline',
    )
    .action((given: string | undefined, options: TraceOptions) => traceAny(app, given, options));
}

/** What the shop's records tell of an order, and the call log of everything else. */
async function traceAny(app: App, given: string | undefined, options: TraceOptions): Promise<void> {
  const byCalls = async () => (await import('../access/call-trace.ts')).showCallTrace(app, given, options);
  if (options.calls) return byCalls();
  const byRecords = async () => show(app, await which(app, ORDER, given), options);
  // Without an order of the shop, what is newest is a message. A table `orders` of another program has not the shop's indexes.
  const isLast = given === undefined || given === '@last';
  const isAnOrder = given !== undefined && mayBeOrder(given);
  if ((isLast || isAnOrder) && (await (await import('../access/queues.ts')).isWithoutShop(app))) return byCalls();
  if (isLast) {
    return orElse(byRecords, ['not_provisioned', 'not_found', 'aws_error'], byCalls);
  }
  if (isAnOrder) return byRecords();
  // An engine without a call log still has the shop's orders.
  return orElse(byCalls, ['unsupported'], byRecords);
}

const mayBeOrder = (given: string) => given.startsWith('ord_') || 'ord_'.startsWith(given);

/** The second where the first fails with one of these codes; the first's failure, where the second has nothing either. */
async function orElse(first: () => Promise<void>, codes: readonly ErrorCode[], second: () => Promise<void>) {
  const codeOf = (error: unknown) => (error instanceof CliffracerError ? error.code : undefined);
  try {
    await first();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || !codes.includes(code)) throw error;
    await second().catch((later) => {
      throw codeOf(later) === 'unsupported' || codeOf(later) === code ? error : later;
    });
  }
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

async function print(app: App, found: Trace, format: TraceFormat): Promise<void> {
  const forPeople = format === 'tree' || format === 'timeline';
  await app.print[forPeople ? 'result' : 'document'](found, await viewFor(format));
}

async function viewFor(format: TraceFormat): Promise<View<Trace>> {
  switch (format) {
    case 'tree':
      return (await import('../views/trace.ts')).traceTreeView;
    case 'timeline':
      return (await import('../views/trace.ts')).traceTimelineView;
    case 'mermaid':
      return (await import('../views/mermaid.ts')).traceMermaidView;
    case 'otlp':
      throw new CliffracerError('unsupported', 'what the shop recorded of an order are no spans', {
        hint: 'the same with --calls',
      });
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
