import { Command } from 'commander';
import type { App } from '../app.ts';
import { duration, orderId } from '../cli/arguments.ts';
import type { Connection } from '../connection.ts';
import { CliffracerError } from '../errors.ts';
import { ORDER } from '../questions/offers.ts';
import { whichIfAny } from '../questions/which.ts';
import type { AuditOptions, AuditReport } from '../shop/audit/audit.ts';
import { type AuditFact, auditFactView } from '../views/audit.ts';

export interface AuditCommandOptions {
  order?: string;
  /** Milliseconds. */
  since?: number;
  watch?: boolean;
  repair?: boolean;
}

const WATCH_PAUSE_MS = 2_000;
/** CloudWatch Logs on AWS shows a line some time after it was written. */
const AWS_LOG_DELAY_MS = 120_000;

const HELP = `
Examples:
  $ cliffracer audit
  $ cliffracer audit --order ord_01kb6p8zr3n8w2vq
  $ cliffracer audit --repair && cliffracer drain && cliffracer audit

Exit codes: 0 every invariant holds · 1 one is violated · 6 messages are on their way: it cannot be told yet.
--repair publishes again, from the records, what a service has lost or what was never published, and says what it did.
It may run twice, and while workers run: who has handled an event finds that it has.`;

export function auditCommand(app: App): Command {
  return new Command('audit')
    .option('--order <id>', 'only this order', orderId)
    .option('--since <time>', 'only orders placed since then, as 15m, 1h, 7d', duration)
    .option('-w, --watch', 'audit again and again, and tell what changes, until Ctrl-C')
    .option('--repair', 'publish again what was lost, or never published')
    .addHelpText('after', HELP)
    .action(async (options: AuditCommandOptions) => {
      let verdict: AuditReport['verdict'] | undefined;
      for await (const fact of auditShop(app, options)) {
        await app.print.fact(fact, auditFactView);
        if ('verdict' in fact) verdict = fact.verdict;
      }
      if (verdict === 'violated') app.fail('check_failed');
      if (verdict === 'not_settled') app.fail('not_settled');
    });
}

/** A report; with `watch` one whenever something has changed; with `repair` also what was repaired, and a summary. */
export async function* auditShop(app: App, options: AuditCommandOptions): AsyncGenerator<AuditFact> {
  check(options);
  const order = await whichIfAny(app, ORDER, options.order);
  if (order !== undefined) options = { ...options, order };
  const connection = await app.connect();
  if (options.watch) yield* watch(app, connection, options);
  else if (options.repair) yield* repairing(connection, options);
  else yield { kind: 'audit', ...(await auditOnce(app, connection, options)) };
}

function check({ order, since, watch, repair }: AuditCommandOptions): void {
  const hint = 'cliffracer audit --help';
  if (watch && repair) throw new CliffracerError('usage', '--watch changes nothing, so there is no --repair', { hint });
  if (order !== undefined && since !== undefined) {
    throw new CliffracerError('usage', 'give --order or --since, not both', { hint });
  }
}

/** `--since 1h` counts from when the command began, however long it watches. */
async function scopeOf(connection: Connection, { order, since }: AuditCommandOptions): Promise<AuditOptions> {
  const now = await connection.now();
  return {
    now,
    order,
    ...(since !== undefined && { since: now - since }),
    ...(connection.target.kind === 'aws' && { logDelayMs: AWS_LOG_DELAY_MS }),
  };
}

async function auditOnce(app: App, connection: Connection, options: AuditCommandOptions): Promise<AuditReport> {
  const { audit } = await import('../shop/audit/audit.ts');
  const progress = await app.progress('Auditing');
  try {
    return await audit(connection.ports, await scopeOf(connection, options));
  } finally {
    progress.stop();
  }
}

async function* repairing(connection: Connection, options: AuditCommandOptions): AsyncGenerator<AuditFact> {
  const [{ examine }, { repair }] = await Promise.all([
    import('../shop/audit/audit.ts'),
    import('../shop/audit/repair.ts'),
  ]);
  const { ports, clock } = connection;
  const scope = await scopeOf(connection, options);
  const examination = await examine(ports, scope);
  yield { kind: 'audit', ...examination.report };
  yield* repair(examination, { ports, clock }, scope);
}

async function* watch(app: App, connection: Connection, options: AuditCommandOptions): AsyncGenerator<AuditFact> {
  app.endsOnSignal();
  let before: string | undefined;
  while (!app.signal.aborted) {
    const report = await auditOnce(app, connection, options);
    const now = JSON.stringify([report.orders, report.checks, report.deliveries, report.queues]);
    if (now !== before) yield { kind: 'audit', at: new Date(connection.clock.now()).toISOString(), ...report };
    before = now;
    await app.clock.sleep(WATCH_PAUSE_MS, app.signal);
  }
}
