import { queueOf, SERVICES } from '../../domain/names.ts';
import type { InventoryRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type Aftermath, settleAndAudit } from './aftermath.ts';
import { Crew } from './crew.ts';
import { customer } from './customer.ts';
import { diagnose, type Finding } from './diagnosis.ts';
import { Dice } from './dice.ts';
import { FaultPlan } from './fault-plan.ts';
import { type Fault, type FaultKind, faultId } from './faults.ts';
import { type Handlers, RIGHT_HANDLERS } from './handlers.ts';
import { Simulation } from './simulation.ts';
import type { Stage } from './stage.ts';
import type { TraceFact } from './trace.ts';
import { scarceStock, type Wish, wishOf } from './wishes.ts';

export interface StormSettings {
  seed: number;
  orders: number;
  workers: number;
  kinds: readonly FaultKind[];
  /** Only the faults that bear these numbers in the whole storm. */
  only?: readonly number[] | undefined;
}

export interface StormReport extends Aftermath {
  settings: StormSettings;
  /** Calls to the world that workers and customers made. */
  calls: number;
  /** By the engine's clock. */
  duration_ms: number;
  /** False when the storm had to be broken off. */
  came_to_rest: boolean;
  faults: Fault[];
  /** What no worker may ever do, as to end with an error. */
  breakdown: string | undefined;
  /** What is wrong with the services, as what they left behind gives away. */
  findings: Finding[];
}

export interface StormOptions {
  /** Who handles the messages; made anew for each storm. */
  handlers?: (seed: number) => Handlers;
  /** What each customer orders, and what there is of it. */
  wishes?: (number: number, dice: Dice) => Wish;
  stock?: (orders: number, dice: Dice) => InventoryRecord[];
  trace?: (fact: TraceFact) => void;
}

/** Runs a storm on a fresh stack, then lets it settle and audits it. */
export async function storm(stage: Stage, settings: StormSettings, options: StormOptions = {}): Promise<StormReport> {
  const { only } = settings;
  if (only === undefined) return rage(stage, settings, undefined, options);
  // What the numbers mean is known once the whole storm has been seen.
  const { trace: _, ...silent } = options;
  const whole = await rage(stage, { ...settings, only: undefined }, undefined, silent);
  return rage(stage, settings, chosen(whole.faults, only), options);
}

/** The faults with these numbers, by id. */
export function chosen(faults: readonly Fault[], numbers: readonly number[]): Map<string, number> {
  const wanted = new Set(numbers);
  const found = faults.filter(({ number }) => wanted.has(number));
  return new Map(found.map(({ kind, key, number }) => [faultId(kind, key), number]));
}

/** From calls that are over before anything times out to such that a batch takes longer than its visibility timeout. */
const CALLS_MS = [2, 20, 100];
/** So many calls, and so much time on the engine's clock, are far beyond what any storm that ends needs. */
const CALLS_FOR_EACH_ORDER = 3_000;
const LONGEST_MS = 2 * 3_600_000;

/** The storm itself; `only` restricts the faults. */
export async function rage(
  stage: Stage,
  settings: StormSettings,
  only: ReadonlyMap<string, number> | undefined,
  { handlers: makeHandlers = () => RIGHT_HANDLERS, wishes = wishOf, stock = scarceStock, trace }: StormOptions = {},
): Promise<StormReport> {
  const handlers = makeHandlers(settings.seed);
  const dice = new Dice(settings.seed);
  stage.reset(settings.seed);
  await stage.ports.tables.putMany('inventory', stock(settings.orders, dice));
  const callMs = dice.pick(CALLS_MS, 'pace');
  const plan = new FaultPlan(dice, { kinds: settings.kinds, only, customersFail: handlers.mends });
  const simulation = new Simulation({
    stage,
    plan,
    services: handlers.services,
    dice,
    callMs,
    trace,
    maxCalls: CALLS_FOR_EACH_ORDER * (settings.orders + 2),
    maxMs: LONGEST_MS,
  });
  const start = stage.now();
  const crew = new Crew(simulation, stage.ports, handlers, dice);
  for (let number = 1; number <= settings.orders; number++)
    crew.enlist(customer(simulation, stage.ports, number, { wish: wishes(number, dice), dice, callMs }));
  for (let number = 1; number <= settings.workers; number++) crew.hire(number);
  const ended = await simulation.run(async () => simulation.idle && (await isEmpty(stage.ports)));
  plan.end();
  await crew.dismiss();
  const duration_ms = stage.now() - start;
  const aftermath = await settleAndAudit(stage, handlers);
  const harmed = !aftermath.audit.ok || ended === 'limit';
  return {
    settings,
    calls: simulation.calls,
    duration_ms,
    came_to_rest: ended === 'settled',
    faults: plan.faults,
    breakdown: crew.breakdown,
    findings: harmed ? await diagnose(stage.ports) : [],
    ...aftermath,
  };
}

/** Whether the storm did no harm. */
export const isRight = ({ audit, came_to_rest, breakdown, findings }: StormReport): boolean =>
  audit.ok && audit.settled && came_to_rest && breakdown === undefined && findings.length === 0;

async function isEmpty({ queues }: Ports): Promise<boolean> {
  const depths = await Promise.all(SERVICES.map((service) => queues.depth(queueOf(service))));
  return depths.every(({ ready, inFlight, delayed }) => ready + inFlight + delayed === 0);
}
