import type { Ports } from '../../ports.ts';
import { type AuditReport, audit } from '../audit/audit.ts';
import type { Clock } from '../runtime/clock.ts';
import { drain } from '../runtime/drain.ts';
import type { DrainSummary } from '../runtime/drain-facts.ts';
import type { Handlers } from './handlers.ts';
import { mend, retryPayments, sendBack } from './operator.ts';
import type { Stage } from './stage.ts';

/** What an operator does when the storm is over, and what is found then. */
export interface Aftermath {
  /** Dead letters sent back to where they failed. */
  redriven: number;
  /** Dead letters that no service could ever read, removed. */
  discarded: number;
  /** Orders that got a payment provider that works. */
  retried: number;
  /** Events published again that a program which died had not come to publish. */
  mended: number;
  audit: AuditReport;
}

const ROUNDS = 6;
/** Beyond the queues' visibility timeout: what dead workers had in hand is there again. */
const TIMEOUT_MS = 61_000;

/** Lets the shop run to its end in peace, as an operator would help it to, and looks whether everything is right. */
export async function settleAndAudit(stage: Stage, { services, ports, mends }: Handlers): Promise<Aftermath> {
  const clock: Clock = {
    now: () => stage.now(),
    sleep: async (ms) => {
      stage.advance(Math.max(1, ms));
    },
  };
  const calm = { ports: calmPorts(ports(stage.ports)), clock };
  const done = { redriven: 0, discarded: 0, retried: 0, mended: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    stage.advance(TIMEOUT_MS);
    const retried = await retryPayments(calm);
    const { ended } = await drained({ ...calm, services });
    const moved = await sendBack(stage.ports);
    done.redriven += moved.redriven;
    done.discarded += moved.discarded;
    done.retried += retried;
    if (ended !== 'empty' || moved.redriven + retried > 0) continue;
    if (!mends) break;
    const { events, report } = await mend(calm);
    done.mended += events;
    if (events === 0) return { ...done, audit: report };
  }
  return { ...done, audit: await audit(stage.ports, { now: stage.now() }) };
}

/** The engine's clock stands still, so a long poll there would last. */
const calmPorts = (ports: Ports): Ports => ({
  ...ports,
  queues: {
    ...ports.queues,
    receive: (queue, options) => ports.queues.receive(queue, { ...options, waitSeconds: 0 }),
  },
});

async function drained(deps: Parameters<typeof drain>[0]): Promise<DrainSummary> {
  let summary: DrainSummary | undefined;
  for await (const fact of drain(deps)) if (fact.kind === 'summary') summary = fact;
  return summary!;
}
