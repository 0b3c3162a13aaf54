import { queueOf, SERVICES } from '../../domain/names.ts';
import type { InventoryRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { runCustomer } from './customer.ts';
import { diagnose, type Finding } from './diagnosis.ts';
import { FaultPlan } from './fault-plan.ts';
import { type Fault, type FaultKind, faultId } from './faults.ts';
import { CORRECT_HANDLERS, type Handlers } from './handlers.ts';
import { type OrderScenario, orderScenario, scarceStock } from './order-scenarios.ts';
import { type Recovery, settleAndAudit } from './recovery.ts';
import { SeededRandom } from './seeded-random.ts';
import { Simulation } from './simulation.ts';
import type { TestBed } from './test-bed.ts';
import type { TraceFact } from './trace.ts';
import { WorkerPool } from './worker-pool.ts';

export interface StormSettings {
  seed: number;
  orders: number;
  workers: number;
  kinds: readonly FaultKind[];
  /** Only the faults that bear these numbers in the whole storm. */
  only?: readonly number[] | undefined;
}

export interface StormReport extends Recovery {
  settings: StormSettings;
  /** Calls of workers and customers. */
  calls: number;
  /** By the engine's clock. */
  duration_ms: number;
  /** False when the storm reached its limits. */
  settled: boolean;
  faults: Fault[];
  /** The error of a worker or customer that must never fail. */
  worker_error: string | undefined;
  /** Flaws of the services that the stored data shows. */
  findings: Finding[];
}

export interface StormOptions {
  /** The implementation to run, built anew for each storm. */
  handlers?: (seed: number) => Handlers;
  /** The customers' orders, and the stock for them. */
  scenarios?: (number: number, random: SeededRandom) => OrderScenario;
  stock?: (orders: number, random: SeededRandom) => InventoryRecord[];
  trace?: (fact: TraceFact) => void;
}

/** Runs a storm with all its faults, or with those of `only`, and audits the result. */
export async function runStormAndAudit(
  testBed: TestBed,
  settings: StormSettings,
  options: StormOptions = {},
): Promise<StormReport> {
  const { only } = settings;
  if (only === undefined) return runStorm(testBed, settings, undefined, options);
  // Faults get their numbers in a run of the whole storm.
  const { trace: _, ...silent } = options;
  const whole = await runStorm(testBed, { ...settings, only: undefined }, undefined, silent);
  return runStorm(testBed, settings, faultsNumbered(whole.faults, only), options);
}

/** The faults with these numbers, by id. */
export function faultsNumbered(faults: readonly Fault[], numbers: readonly number[]): Map<string, number> {
  const wanted = new Set(numbers);
  const found = faults.filter(({ number }) => wanted.has(number));
  return new Map(found.map(({ kind, key, number }) => [faultId(kind, key), number]));
}

/** From far below any timeout to so long that a batch takes longer than its visibility timeout. */
const CALL_DURATIONS_MS = [2, 20, 100];
/** Limits far beyond the calls and the engine's time of any storm that settles. */
const MAX_CALLS_PER_ORDER = 3_000;
const MAX_DURATION_MS = 2 * 3_600_000;

/** Runs one storm on a fresh stack, recovers and audits; `only` restricts the faults, by `faultId`. */
export async function runStorm(
  testBed: TestBed,
  settings: StormSettings,
  only: ReadonlyMap<string, number> | undefined,
  {
    handlers: makeHandlers = () => CORRECT_HANDLERS,
    scenarios = orderScenario,
    stock = scarceStock,
    trace,
  }: StormOptions = {},
): Promise<StormReport> {
  const handlers = makeHandlers(settings.seed);
  const random = new SeededRandom(settings.seed);
  testBed.reset(settings.seed);
  await testBed.ports.tables.putMany('inventory', stock(settings.orders, random));
  const callMs = random.pick(CALL_DURATIONS_MS, 'pace');
  const plan = new FaultPlan(random, { kinds: settings.kinds, only, customersFail: handlers.repairs });
  const simulation = new Simulation({
    testBed,
    plan,
    services: handlers.services,
    random,
    callMs,
    trace,
    maxCalls: MAX_CALLS_PER_ORDER * (settings.orders + 2),
    maxMs: MAX_DURATION_MS,
  });
  const start = testBed.now();
  const pool = new WorkerPool(simulation, testBed.ports, handlers, random);
  for (let number = 1; number <= settings.orders; number++)
    pool.track(runCustomer(simulation, testBed.ports, number, { scenario: scenarios(number, random), random, callMs }));
  for (let number = 1; number <= settings.workers; number++) pool.spawn(number);
  const ended = await simulation.run(async () => simulation.idle && (await isEmpty(testBed.ports)));
  plan.end();
  await pool.stop();
  const duration_ms = testBed.now() - start;
  const recovery = await settleAndAudit(testBed, handlers);
  const failed = !recovery.audit.ok || ended === 'limit';
  return {
    settings,
    calls: simulation.calls,
    duration_ms,
    settled: ended === 'settled',
    faults: plan.faults,
    worker_error: pool.workerError,
    findings: failed ? await diagnose(testBed.ports) : [],
    ...recovery,
  };
}

/** Whether every check of the storm held. */
export const passed = ({ audit, settled: came_to_rest, worker_error: breakdown, findings }: StormReport): boolean =>
  audit.ok && audit.settled && came_to_rest && breakdown === undefined && findings.length === 0;

async function isEmpty({ queues }: Ports): Promise<boolean> {
  const depths = await Promise.all(SERVICES.map((service) => queues.depth(queueOf(service))));
  return depths.every(({ ready, inFlight, delayed }) => ready + inFlight + delayed === 0);
}
