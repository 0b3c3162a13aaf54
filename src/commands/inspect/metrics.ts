import { Command } from 'commander';
import type { App } from '../../app.ts';
import { duration, seconds } from '../../cli/arguments.ts';
import { queueOf } from '../../domain/names.ts';
import { type MetricsOptions, metrics } from '../../shop/metrics.ts';
import { metricsView } from '../../views/metrics.ts';

const DEFAULT_PERIOD_SECONDS = 60;

export function inspectMetricsCommand(app: App): Command {
  return new Command('metrics')
    .option('--since <time>', 'how far back, as 15m, 1h, 7d (default 1h)', duration)
    .option('--period <seconds>', `seconds per point, a multiple of 60 (default ${DEFAULT_PERIOD_SECONDS})`, seconds)
    .option('--queues', "what SQS measures of the stack's queues (namespace AWS/SQS), a minute later")
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer inspect metrics --since 15m --period 60\n  $ cliffracer inspect metrics --queues',
    )
    .action(async (options: MetricsOptions) => {
      const { ports, now } = await app.connect();
      const data = await metrics(ports, options, await now());
      // CloudWatch knows no namespace that does not exist: a stack that is not there is found out by its queue.
      if (data.series.every(({ points }) => points.length === 0)) await ports.queues.depth(queueOf('analytics'));
      await app.print.result(data, metricsView);
    });
}
