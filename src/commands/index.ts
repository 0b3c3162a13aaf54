import { CONSUMERS, ENGINE, type Entry, entry, type Group, LOOK, SHOP, STACK } from './entry.ts';
import { LABORATORY, LABORATORY_GROUPS } from './laboratory.ts';

export type { Entry } from './entry.ts';

/** Every command of the program, in the order in which help shows them. A module is read only when its command runs. */
export const ENTRIES: readonly Entry[] = [
  entry(ENGINE, 'up', 'start the engine, or adopt the one that runs, and provision the stack', (app) =>
    import('./up.ts').then((module) => module.upCommand(app)),
  ),
  entry(ENGINE, 'down', 'stop what `up` started, and nothing else', (app) =>
    import('./down.ts').then((module) => module.downCommand(app)),
  ),
  entry(ENGINE, 'health', 'show whether the engine and its six services are ready', (app) =>
    import('./health.ts').then((module) => module.healthCommand(app)),
  ),
  entry(ENGINE, 'env', 'print the exports that point other AWS tools at the engine', (app) =>
    import('./env.ts').then((module) => module.envCommand(app)),
  ),
  entry(ENGINE, 'ps', 'list the engines of this machine, and the stacks on each', (app) =>
    import('./ps.ts').then((module) => module.psCommand(app)),
  ),
  entry(ENGINE, 'logs', "show the engine's own log; -f follows it", (app) =>
    import('./logs.ts').then((module) => module.logsCommand(app)),
  ),
  entry(ENGINE, 'doctor', 'check everything that can be wrong, with the command that fixes it', (app) =>
    import('./doctor.ts').then((module) => module.doctorCommand(app)),
  ),
  entry(ENGINE, 'config show', 'show every setting and where it comes from', (app) =>
    import('./config/show.ts').then((module) => module.configShowCommand(app)),
  ),
  entry(ENGINE, 'completion', "print a shell's completion script: bash, zsh, fish, powershell", (app) =>
    import('./completion.ts').then((module) => module.completionCommand(app, { entries: ENTRIES, groups: GROUPS })),
  ),
  entry(ENGINE, 'conformance', 'compare the engine with AWS, behaviour by behaviour', (app) =>
    import('./conformance.ts').then((module) => module.conformanceCommand(app)),
  ),
  entry(CONSUMERS, 'dev', 'run the consumers of the configuration; --watch restarts what changed', (app) =>
    import('./dev.ts').then((module) => module.devCommand(app)),
  ),
  entry(CONSUMERS, 'exec', 'run any program with its AWS calls pointed at the engine', (app) =>
    import('./exec.ts').then((module) => module.execCommand(app)),
  ),
  entry(CONSUMERS, 'check', 'prove consumers: each message twice, each call failing, each death', (app) =>
    import('./check.ts').then((module) => module.checkCommand(app)),
  ),
  entry(LOOK, 'trace', 'what caused what: of an order, a message, an item or an object', (app) =>
    import('./trace.ts').then((module) => module.traceCommand(app)),
  ),
  {
    ...entry(LOOK, 'calls list', 'the calls of every program, with what each changed; -f follows them', (app) =>
      import('./calls/list.ts').then((module) => module.callsListCommand(app)),
    ),
    isDefault: true,
  },
  entry(LOOK, 'calls show', 'one call with input and answer; --as-cli, --as-curl repeat it', (app) =>
    import('./calls/show.ts').then((module) => module.callsShowCommand(app)),
  ),
  entry(LOOK, 'watch', 'a live screen of queues, consumers, calls and traces', (app) =>
    import('./watch.ts').then((module) => module.watchCommand(app)),
  ),
  entry(LOOK, 'why', 'where a message is and what keeps it there, or why a queue did not get it', (app) =>
    import('./why.ts').then((module) => module.whyCommand(app)),
  ),
  entry(LOOK, 'blame', 'every change of an item: old and new, by which caller and message', (app) =>
    import('./blame.ts').then((module) => module.blameCommand(app)),
  ),
  entry(LOOK, 'console', 'a page in the browser: map, flow, queues, tables, S3, metrics, logs, checks', (app) =>
    import('./console.ts').then((module) => module.consoleCommand(app)),
  ),
  entry(LOOK, 'export otlp', 'the call log as OpenTelemetry traces, into a file or to a collector', (app) =>
    import('./export/otlp.ts').then((module) => module.exportOtlpCommand(app)),
  ),
  entry(LOOK, 'dlq list', 'dead-letter queues: how many messages, since when and why', (app) =>
    import('./dlq/list.ts').then((module) => module.dlqListCommand(app)),
  ),
  entry(LOOK, 'dlq show', 'messages of a dead-letter queue, with their last error and their order', (app) =>
    import('./dlq/show.ts').then((module) => module.dlqShowCommand(app)),
  ),
  entry(LOOK, 'dlq redrive', 'move dead letters back to their queue, all or some', (app) =>
    import('./dlq/redrive.ts').then((module) => module.dlqRedriveCommand(app)),
  ),
  entry(
    LOOK,
    'dlq try',
    'have a consumer handle a dead letter on a copy of the world, and show what that changes',
    (app) => import('./dlq/try.ts').then((module) => module.dlqTryCommand(app)),
  ),
  entry(LOOK, 'dlq purge', 'delete the messages of a dead-letter queue', (app) =>
    import('./dlq/purge.ts').then((module) => module.dlqPurgeCommand(app)),
  ),
  entry(STACK, 'provision', 'create or update topic, queues, tables, bucket and log group', (app) =>
    import('./provision.ts').then((module) => module.provisionCommand(app)),
  ),
  entry(STACK, 'diff', 'show what is not as provision would make it; --exit-code for CI', (app) =>
    import('./diff.ts').then((module) => module.diffCommand(app)),
  ),
  entry(STACK, 'lint', 'say what will go wrong on AWS, in templates or in what exists', (app) =>
    import('./lint.ts').then((module) => module.lintCommand(app)),
  ),
  entry(STACK, 'destroy', 'remove the stack with everything in it', (app) =>
    import('./destroy.ts').then((module) => module.destroyCommand(app)),
  ),
  entry(STACK, 'reset', 'empty the stack and seed it again', (app) =>
    import('./reset.ts').then((module) => module.resetCommand(app)),
  ),
  entry(SHOP, 'order create', 'place an order; asks for what is missing', (app) =>
    import('./order/create.ts').then((module) => module.orderCreateCommand(app)),
  ),
  entry(SHOP, 'order list', 'list orders, newest first', (app) =>
    import('./order/list.ts').then((module) => module.orderListCommand(app)),
  ),
  entry(SHOP, 'order show', 'show one order with its history, reservation, payment and receipt', (app) =>
    import('./order/show.ts').then((module) => module.orderShowCommand(app)),
  ),
  entry(SHOP, 'order cancel', 'cancel an order that has not shipped: release, refund', (app) =>
    import('./order/cancel.ts').then((module) => module.orderCancelCommand(app)),
  ),
  entry(SHOP, 'order retry', 'publish again what an order is waiting for', (app) =>
    import('./order/retry.ts').then((module) => module.orderRetryCommand(app)),
  ),
  entry(SHOP, 'drain', 'handle messages until the queues are empty; --step stops at each', (app) =>
    import('./drain.ts').then((module) => module.drainCommand(app)),
  ),
  entry(SHOP, 'run', 'run the services as workers until Ctrl-C', (app) =>
    import('./run.ts').then((module) => module.runCommand(app)),
  ),
  entry(SHOP, 'audit', 'prove that nothing was lost, doubled, oversold or shipped unpaid', (app) =>
    import('./audit.ts').then((module) => module.auditCommand(app)),
  ),
  entry(SHOP, 'inspect inventory', 'stock, reserved and available of each product', (app) =>
    import('./inspect/inventory.ts').then((module) => module.inspectInventoryCommand(app)),
  ),
  entry(SHOP, 'inspect orders', 'the orders, newest first', (app) =>
    import('./inspect/orders.ts').then((module) => module.inspectOrdersCommand(app)),
  ),
  entry(SHOP, 'inspect receipts', 'the receipts in the bucket, or one of them in full', (app) =>
    import('./inspect/receipts.ts').then((module) => module.inspectReceiptsCommand(app)),
  ),
  entry(SHOP, 'inspect customers', 'the customers', (app) =>
    import('./inspect/customers.ts').then((module) => module.inspectCustomersCommand(app)),
  ),
  entry(SHOP, 'inspect queues', 'what waits in every queue and dead-letter queue', (app) =>
    import('./inspect/queues.ts').then((module) => module.inspectQueuesCommand(app)),
  ),
  entry(SHOP, 'inspect metrics', 'orders, value, payments, stock, response times and errors over time', (app) =>
    import('./inspect/metrics.ts').then((module) => module.inspectMetricsCommand(app)),
  ),
  entry(SHOP, 'inspect logs', "the services' structured log lines; --follow shows new ones", (app) =>
    import('./inspect/logs.ts').then((module) => module.inspectLogsCommand(app)),
  ),
  entry(SHOP, 'demo', 'three orders, end to end, on an engine of their own', (app) =>
    import('./demo.ts').then((module) => module.demoCommand(app)),
  ),
  ...LABORATORY,
];

/** Commands that only hold others. */
export const GROUPS: readonly Group[] = [
  { name: 'config', summary: 'the settings in force', group: ENGINE },
  { name: 'order', summary: 'place, list, show, cancel and retry orders', group: SHOP },
  { name: 'export', summary: 'what other tools read', group: LOOK },
  { name: 'calls', summary: 'the calls of every program, and their effects (embedded engine)', group: LOOK },
  { name: 'dlq', summary: 'list, show, try, redrive and purge messages that could not be handled', group: LOOK },
  {
    name: 'inspect',
    summary: 'tables of inventory, orders, receipts, customers, queues, metrics and logs',
    group: SHOP,
  },
  ...LABORATORY_GROUPS,
];
