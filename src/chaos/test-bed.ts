import { type Connection, connectTo, EMBEDDED_ACCOUNT } from '../connection.ts';
import type { Engine } from '../emulator/core/engine.ts';
import { DEFAULT_ENDPOINT, DEFAULT_REGION } from '../engines/endpoint.ts';
import type { Ports } from '../ports.ts';
import type { DeliveryFault, OpenTestBed, StackVariant, TestBed } from '../shop/storms/test-bed.ts';
import type { Desired } from '../topology/resources.ts';

/** How calls reach the engine: by HTTP messages of the SDK or in the engine's own form, or as operations called directly. */
export type Transport = 'sdk' | 'wire' | 'direct';

/** Where every storm begins: 2026-01-01T00:00:00Z. */
const START = Date.UTC(2026, 0, 1);

/** Opens test beds on an engine inside this process: no port, no file, nothing left behind. */
export const openTestBed =
  (transport: Transport): OpenTestBed =>
  async (variant) => {
    const [{ createEmulator }, { requestHandler }] = await Promise.all([
      import('../emulator/index.ts'),
      import('../emulator/request-handler.ts'),
    ]);
    const emulator = createEmulator({ seed: 0, frozenAt: START });
    const target = {
      kind: 'local',
      engine: 'embedded',
      endpoint: DEFAULT_ENDPOINT,
      region: DEFAULT_REGION,
      account: EMBEDDED_ACCOUNT,
    } as const;
    // Retries need not wait on a frozen clock.
    const clock = { now: () => emulator.engine.clock.now(), sleep: async () => {} };
    const { engine: _known, ...anyEngine } = target;
    const connection = await connectTo(transport === 'sdk' ? anyEngine : target, undefined, {
      requestHandler: requestHandler(emulator),
      clock,
    });
    await provision(connection, variant);
    const { engine } = emulator;
    const ports = transport === 'direct' ? await directPorts(engine, connection) : connection.ports;
    const close = () => {
      connection.clients.close();
      emulator.close();
    };
    return { ...controlsOf(engine), ports, close };
  };

function controlsOf(engine: Engine): Omit<TestBed, 'ports' | 'close'> {
  const fresh = structuredClone(engine.state);
  let active: DeliveryFault | undefined;
  let times = 0;
  engine.faults = (_service, _operation, point) => {
    if (point !== active) return undefined;
    times++;
    return { action: active };
  };
  return {
    now: () => engine.clock.now(),
    advance: (ms) => engine.advanceTo(engine.clock.now() + ms).length > 0,
    nextTimer: () => engine.state.timers[0]?.at,
    setDeliveryFault(next) {
      const counted = times;
      [active, times] = [next, 0];
      return counted;
    },
    reset(seed) {
      engine.clock.freeze(START);
      engine.restore({ ...structuredClone(fresh), random: seed | 0 });
    },
  };
}

async function provision({ administration, ports, names }: Connection, variant: StackVariant): Promise<void> {
  const [{ apply }, { seed }, { admin, desired }] = await Promise.all([
    import('../topology/apply.ts'),
    import('../shop/stack/seed.ts'),
    administration(),
  ]);
  const wanted = desired.map((resource) => resourceOf(resource, variant, names.queue('fulfillment-queue')));
  for await (const _ of apply(admin, wanted, { adopt: true }));
  for await (const _ of seed(ports, names));
}

function resourceOf(resource: Desired, { deadLetters, shipsUnpaid }: StackVariant, fulfillment: string): Desired {
  const { kind, name, attributes } = resource;
  if (kind === 'queue' && !deadLetters) {
    const { RedrivePolicy: _, ...rest } = attributes;
    return { ...resource, attributes: rest };
  }
  if (kind === 'subscription' && shipsUnpaid && name === fulfillment) {
    return { ...resource, attributes: { ...attributes, FilterPolicy: { event_type: ['order_created'] } } };
  }
  return resource;
}

/** The same adapters as everywhere, with calls straight to the engine's operations. */
async function directPorts(engine: Engine, { names, clients }: Connection): Promise<Ports> {
  const [{ createPorts }, { engineCall }] = await Promise.all([
    import('../aws/ports.ts'),
    import('../aws/engine-call.ts'),
  ]);
  const { account, region } = await clients.identity();
  const world = { account, region, endpoint: DEFAULT_ENDPOINT };
  const call = engineCall(
    (service, operation, input) => engine.call({ service, operation, input, ...world } as never),
    clients.target,
  );
  return createPorts({ ...clients, call }, names);
}
