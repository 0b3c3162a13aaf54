import type { App } from './app.ts';
import type { Clients } from './aws/clients.ts';
import type { Target } from './aws/target.ts';
import type { Ports } from './runtime/ports.ts';
import type { StackAdmin } from './topology/admin.ts';
import type { StackNames } from './topology/names.ts';
import type { Desired } from './topology/resources.ts';

/** One stack on one target, ready for use. */
export interface Connection {
  target: Target;
  names: StackNames;
  clients: Clients;
  ports: Ports;
  /** What looks at and changes the stack's resources, and what they should be. */
  administration(): Promise<{ admin: StackAdmin; desired: Desired[] }>;
}

/** The embedded engine's account for every key that is not an account id itself. */
export const EMBEDDED_ACCOUNT = '000000000000';

/** Builds the clients, which call nothing yet. `requestHandler` stands in for HTTP, as for an engine in this process. */
export async function connectTo(
  target: Target,
  stack: string | undefined,
  options: { requestHandler?: unknown; pauses?: { sleep(ms: number): Promise<void> } } = {},
): Promise<Connection> {
  const [{ createClients }, { createPorts }, { stackNames }] = await Promise.all([
    import('./aws/clients.ts'),
    import('./aws/ports.ts'),
    import('./topology/names.ts'),
  ]);
  const names = stackNames(stack);
  const clients = createClients({ ...target, stack: names.stack }, options);
  const administration = async () => {
    const [{ createAdmin }, { desiredStack }] = await Promise.all([
      import('./aws/admin/index.ts'),
      import('./topology/desired.ts'),
    ]);
    return { admin: createAdmin(clients, names), desired: desiredStack(names, await clients.identity()) };
  };
  return { target, names, clients, ports: createPorts(clients, names), administration };
}

export async function connectApp(app: App): Promise<Connection> {
  const { resolveRegion } = await import('./engines/endpoint.ts');
  const endpoint = await app.endpoint();
  const region = resolveRegion(app.globals.region, app.env);
  // An engine of ours has one account for the test key; knowing it saves a client and a call.
  const known = endpoint.record?.engine === 'embedded' ? { engine: 'embedded', account: EMBEDDED_ACCOUNT } : {};
  const target: Target = { kind: 'local', endpoint: endpoint.value, region: region.value, ...known };
  return connectTo(target, app.globals.stack, { pauses: app.clock });
}
