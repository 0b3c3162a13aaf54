import type { App } from '../app.ts';
import type { DebugEnd, DebugFact, DebugSummary } from '../debugger/facts.ts';
import type { Debuggee } from '../debugger/model.ts';
import type { ShopPlace } from '../debugger/shop-view.ts';
import { SERVICES, type ServiceName } from '../domain/names.ts';
import { targetKind } from '../engines/aws.ts';
import { CliffracerError } from '../errors.ts';
import type { DrainEnd, DrainSummary } from '../shop/runtime/drain-facts.ts';
import { checkFlags, controllerOf, type DebugFlags, sessionOptions } from './debugging.ts';
import { DEFAULT_TIMEOUT_S, laboratoryOf } from './laboratory.ts';

type ShopFact = Exclude<DebugFact, DebugSummary> | DrainSummary;

/** `drain --step`: the session of `debug` over the shop's services, which run in this process. */
export async function* stepThroughShop(
  app: App,
  given: readonly ServiceName[],
  flags: DebugFlags,
): AsyncGenerator<ShopFact> {
  checkFlags(app, flags);
  const { ports, traced, names, clock } = await app.connect();
  const services = given.length > 0 ? given : SERVICES;
  const [{ debug }, { deadLettered, deadLetters, queueStates, Tally }, { servicePorts }] = await Promise.all([
    import('../debugger/debug.ts'),
    import('../shop/runtime/drain-facts.ts'),
    import('../shop/runtime/service-ports.ts'),
  ]);
  const portsOf = servicePorts({ traced, callerOf: names.caller, clock, bytes: app.system.bytes });
  const debuggee = await shopOf(app, { ports, portsOf, names, clock, services });
  // Where nothing waits any more, the queues are drained.
  const { decide } = await controllerOf(app, flags, debuggee);
  app.endsOnSignal();
  app.system.endOnHangup();
  const before = await deadLettered(ports);
  const tally = new Tally();
  for await (const fact of debug(debuggee, { decide }, sessionOptions(app, flags))) {
    if (fact.kind === 'step') {
      for (const { handled } of fact.deliveries) if (handled !== null) tally.add(handled);
    }
    if (fact.kind !== 'summary') {
      yield fact;
      continue;
    }
    const queues = await queueStates(ports);
    const { handled, duplicates, ignored, failed } = tally;
    yield {
      ...{ kind: 'summary', ended: ENDS[fact.ended], handled, duplicates, ignored, failed, left: fact.left },
      dead_lettered: Math.max(0, deadLetters(queues) - before),
      ...{ queues, duration_ms: fact.duration_ms },
    };
  }
}

const ENDS: Readonly<Record<DebugEnd, DrainEnd>> = {
  ...{ empty: 'empty', until: 'quit', max: 'max', quit: 'quit', interrupted: 'interrupted', not_taken: 'unsettled' },
};

/** On held queues of the embedded engine; elsewhere by receiving. */
async function shopOf(app: App, place: ShopPlace): Promise<Debuggee> {
  if (targetKind(app.globals, app.env) !== 'aws') {
    const lab = await laboratoryOf(app);
    try {
      await lab.holds.queues();
      const { HeldShop } = await import('../debugger/held-shop.ts');
      return new HeldShop(lab, place, { timeoutMs: DEFAULT_TIMEOUT_S * 1_000 });
    } catch (error) {
      if (!(error instanceof CliffracerError) || error.code !== 'unsupported') throw error;
    }
  }
  const { LeasedShop } = await import('../debugger/leased-shop.ts');
  return new LeasedShop(place, app.signal);
}
