import type { Clock } from '../../clock.ts';
import type { Ports } from '../../ports.ts';
import { type AuditReport, audit } from '../audit/audit.ts';
import { drain } from '../runtime/drain.ts';
import type { DrainSummary } from '../runtime/drain-facts.ts';
import type { Handlers } from './handlers.ts';
import { redriveDeadLetters, republishLost, retryPayments } from './recovery-actions.ts';
import type { TestBed } from './test-bed.ts';

/** What it took to bring the shop to rest after a storm, and the audit of the result. */
export interface Recovery {
  /** Dead letters sent back to where they failed. */
  redriven: number;
  /** Dead letters that no service could ever read, removed. */
  discarded: number;
  /** Orders that got a payment provider that works. */
  retried: number;
  /** Events published again because a process died between its write and the publication. */
  republished: number;
  audit: AuditReport;
}

const ROUNDS = 6;
/** Beyond the queues' visibility timeout: messages in flight with dead workers are visible again. */
const TIMEOUT_MS = 61_000;

/** Drains the queues without faults, applies the recovery actions that an operator would, and audits the result. */
export async function settleAndAudit(testBed: TestBed, { services, ports, repairs }: Handlers): Promise<Recovery> {
  const clock: Clock = {
    now: () => testBed.now(),
    sleep: async (ms) => {
      testBed.advance(Math.max(1, ms));
    },
  };
  const deps = { ports: withoutLongPolls(ports(testBed.ports)), clock };
  const total = { redriven: 0, discarded: 0, retried: 0, republished: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    testBed.advance(TIMEOUT_MS);
    const retried = await retryPayments(deps);
    const { ended } = await drainAll({ ...deps, services });
    const moved = await redriveDeadLetters(testBed.ports);
    total.redriven += moved.redriven;
    total.discarded += moved.discarded;
    total.retried += retried;
    if (ended !== 'empty' || moved.redriven + retried > 0) continue;
    if (!repairs) break;
    const { events, report } = await republishLost(deps);
    total.republished += events;
    if (events === 0) return { ...total, audit: report };
  }
  return { ...total, audit: await audit(testBed.ports, { now: testBed.now() }) };
}

/** The engine's clock is frozen, so a long poll would never end. */
const withoutLongPolls = (ports: Ports): Ports => ({
  ...ports,
  queues: {
    ...ports.queues,
    receive: (queue, options) => ports.queues.receive(queue, { ...options, waitSeconds: 0 }),
  },
});

async function drainAll(deps: Parameters<typeof drain>[0]): Promise<DrainSummary> {
  let summary: DrainSummary | undefined;
  for await (const fact of drain(deps)) if (fact.kind === 'summary') summary = fact;
  return summary!;
}
