import { Command } from 'commander';
import { callLogOf } from '../../access/call-log.ts';
import type { App } from '../../app.ts';
import { duration, identifier, oneOf, pageOfCalls } from '../../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../../cli/print.ts';
import { followCalls } from '../../lab/calls/follow.ts';
import type { CallLog, CallPage, CallSelection } from '../../lab/calls/port.ts';
import { MESSAGE } from '../../questions/messages.ts';
import { which } from '../../questions/which.ts';
import { callsView, callView, droppedView, engineEndedView } from '../../views/calls.ts';

export interface CallsOptions {
  follow?: boolean;
  as?: string;
  service?: string;
  operation?: string;
  resource?: string;
  order?: string;
  message?: string;
  failed?: boolean;
  writes?: boolean;
  undone?: boolean;
  /** Milliseconds. */
  since?: number;
  limit?: number;
}

export type CallList = Pick<CallPage, 'first' | 'undone' | 'calls'>;

/** Those that the engine has, and what it does by itself. */
const SERVICES = ['sns', 'sqs', 'dynamodb', 's3', 'cloudwatch', 'logs', 'sts', 'engine'] as const;

const DEFAULT_LIMIT = 50;
/** Calls before, with which following begins. */
const BEFORE = 10;
const INSTEAD = 'the log lines of the shop: cliffracer inspect logs';

export function callsListCommand(app: App): Command {
  return new Command('list')
    .option('-f, --follow', 'show calls as they come, until Ctrl-C')
    .option('--as <name>', 'only calls of callers whose name begins so', identifier)
    .option('--service <name>', 'only calls of this service: sqs, sns, dynamodb, s3 ...', oneOf(SERVICES))
    .option('--operation <name>', 'only calls of this operation, as PutItem', identifier)
    .option('--resource <name>', 'only calls about this queue, topic, table[/key] or bucket[/key]', identifier)
    .option('--order <id>', 'only calls that have this order, or any text, in request, answer or effects', identifier)
    .option('--message <id>', 'only calls about this message, and those of its deliveries', identifier)
    .option('--failed', 'only calls that were refused')
    .option('--writes', 'only calls that change something')
    .option('--undone', 'also calls that a loaded snapshot or a reset has undone')
    .option('--since <time>', 'how far back, as 15m, 1h (default: all)', duration)
    .option(
      '-L, --limit <n>',
      `at most so many, the newest (default ${DEFAULT_LIMIT}; with -f ${BEFORE}; most 10000)`,
      pageOfCalls,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer calls -f\n  $ cliffracer calls --as billing --writes\n  $ cliffracer calls --resource orders/o-1\n\n' +
        'A caller names itself with AWS_SDK_UA_APP_ID=NAME, which every AWS SDK heeds.',
    )
    .action(async (options: CallsOptions) => {
      const log = await callLogOf(app, INSTEAD);
      if (options.follow) return follow(app, log, options);
      await app.print.result(await calls(app, log, options), callsView, KEYS_AS_THEY_ARE);
    });
}

/** The newest calls that are asked for, oldest first. */
export async function calls(app: App, log: CallLog, options: CallsOptions): Promise<CallList> {
  const selection = await selectionOf(app, log, options);
  const query = { ...selection, last: true, limit: options.limit ?? DEFAULT_LIMIT };
  const { first, undone, calls } = await log.page(query);
  return { first, undone, calls };
}

async function follow(app: App, log: CallLog, options: CallsOptions): Promise<void> {
  app.endsOnSignal();
  const selection = await selectionOf(app, log, options);
  const wanted = { ...selection, last: options.limit ?? BEFORE };
  for await (const fact of followCalls(log, wanted, app.signal)) {
    if (fact.kind === 'calls') {
      for (const call of fact.calls) await app.print.fact(call, callView, KEYS_AS_THEY_ARE);
    } else if (fact.kind === 'dropped' && app.print.json) await app.print.fact(fact, () => '');
    else if (fact.kind === 'dropped') await app.print.note(fact, droppedView);
    else await app.print.note(fact, engineEndedView);
    if (app.signal.aborted) return;
  }
}

async function selectionOf(app: App, log: CallLog, options: CallsOptions): Promise<CallSelection> {
  const { as, service, operation, order, resource, message, failed, writes, since } = options;
  return {
    ...(as !== undefined && { caller: as }),
    ...(service !== undefined && { service }),
    ...(operation !== undefined && { operation }),
    ...(resource !== undefined && { resource }),
    ...(order !== undefined && { text: order }),
    ...(message !== undefined && { message: await which(app, MESSAGE, message) }),
    ...(failed && { failed }),
    ...(writes && { writes }),
    ...(!options.undone && { present: true }),
    ...(since !== undefined && { since: (await log.now()) - since }),
  };
}
