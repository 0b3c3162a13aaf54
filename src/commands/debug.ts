import { Command } from 'commander';
import {
  checkFlags,
  controllerOf,
  type DebugFlags,
  debugFlags,
  sessionOptions,
  timeoutFlag,
} from '../access/debugging.ts';
import { DEFAULT_TIMEOUT_S, laboratoryOf } from '../access/laboratory.ts';
import { namedQueue } from '../access/queues.ts';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import type { DebugFact, DebugSummary } from '../debugger/facts.ts';
import { debugView } from '../views/debugger.ts';
import { queueNames } from './queue/hold.ts';

export function debugCommand(app: App): Command {
  return debugFlags(
    new Command('debug')
      .argument(
        '[queue...]',
        'names of queues, or their beginnings; left out, all but those for dead letters',
        queueNames,
      )
      .option('--max <n>', 'stop after so many messages', count)
      .addOption(timeoutFlag()),
  )
    .addHelpText(
      'after',
      "\nExamples:\n  $ cliffracer debug\n  $ cliffracer debug jobs --break 'total > 100'\n  $ cliffracer debug --until 'outcome != acknowledged' --handle --json\n\n" +
        'Holds the queues and stops at each message; whatever consumers run, in any language, get one at a time. After each\n' +
        'step it shows what changed. EXPR asks for the message (queue, message_id, attempt, a field of its body, attributes.NAME)\n' +
        'or its delivery (outcome, caller, error, operation, item, table, changed.NAME, sent_to, published_to, calls, duration_ms).\n' +
        'When it ends, by whatever key or signal, the holds that it made are over. Exit code 1: the last delivery failed.\n' +
        '6: nobody took a message.',
    )
    .action(async (queues: string[] | undefined, flags: DebugFlags) => {
      let latest: DebugFact | undefined;
      let failed = false;
      for await (const fact of debugQueues(app, queues ?? [], flags)) {
        await app.print.fact(fact, debugView, KEYS_AS_THEY_ARE);
        if (fact.kind === 'step') failed = fact.deliveries.some(({ outcome }) => outcome !== 'acknowledged');
        latest = fact;
      }
      const { ended } = latest as DebugSummary;
      if (ended === 'interrupted') app.fail('interrupted');
      else if (ended === 'not_taken') app.fail('not_settled');
      else if (failed) app.fail('check_failed');
    });
}

/** A session over whatever consumers run; the last fact is its summary. */
export async function* debugQueues(app: App, given: readonly string[], flags: DebugFlags): AsyncGenerator<DebugFact> {
  checkFlags(app, flags);
  const lab = await laboratoryOf(app);
  const states = given.length === 0 ? [] : await lab.holds.queues();
  const queues = await Promise.all(given.map(async (name) => (await namedQueue(app, name, states)).queue));
  const [{ AnyConsumer }, { debug }] = await Promise.all([
    import('../debugger/any-consumer.ts'),
    import('../debugger/debug.ts'),
  ]);
  const wait = waitLine(app);
  const debuggee = new AnyConsumer(lab, {
    queues,
    timeoutMs: (flags.timeout ?? DEFAULT_TIMEOUT_S) * 1_000,
    ...wait,
  });
  const controller = await controllerOf(app, flags, debuggee);
  app.endsOnSignal();
  app.system.endOnHangup();
  yield* debug(debuggee, controller, sessionOptions(app, flags));
}

/** Says whom a message waits for, while it does. */
function waitLine(app: App) {
  let line: Awaited<ReturnType<App['progress']>> | undefined;
  return {
    async onReleased({ message_id, queue }: { message_id: string; queue: string }) {
      line = await app.progress(`Message ${message_id.slice(0, 8)} of ${queue} waits for a consumer`);
    },
    onTaken: (caller: string) => line?.update(`${caller} works on it`),
    onOver: () => line?.stop(),
  };
}
