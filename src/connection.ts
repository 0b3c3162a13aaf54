import type { App } from './app.ts';
import type { Clients } from './aws/clients.ts';
import type { Target } from './aws/target.ts';
import type { Ports } from './runtime/ports.ts';
import type { StackNames } from './topology/names.ts';

/** One stack on one target, ready for use. */
export interface Connection {
  target: Target;
  names: StackNames;
  clients: Clients;
  ports: Ports;
}

/** Builds the clients, which call nothing yet. `requestHandler` stands in for HTTP, as for an engine in this process. */
export async function connectTo(
  target: Target,
  stack: string | undefined,
  requestHandler?: unknown,
): Promise<Connection> {
  const [{ createClients }, { createPorts }, { stackNames }] = await Promise.all([
    import('./aws/clients.ts'),
    import('./aws/ports.ts'),
    import('./topology/names.ts'),
  ]);
  const names = stackNames(stack);
  const clients = createClients(target, requestHandler === undefined ? {} : { requestHandler });
  return { target, names, clients, ports: createPorts(clients, names) };
}

export async function connectApp(app: App): Promise<Connection> {
  const { resolveRegion } = await import('./engines/endpoint.ts');
  const endpoint = await app.endpoint();
  const region = resolveRegion(app.globals.region, app.env);
  return connectTo({ kind: 'local', endpoint: endpoint.value, region: region.value }, app.globals.stack);
}
