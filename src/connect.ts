import type { App } from './app.ts';
import type { Target } from './aws/target.ts';
import { type Connection, connectTo, EMBEDDED_ACCOUNT } from './connection.ts';

/** The stack that the flags and the environment name, on the engine in use or on AWS. */
export async function connectApp(app: App): Promise<Connection> {
  const { targetKind } = await import('./engines/aws.ts');
  if (targetKind(app.globals, app.env) === 'aws') return (await import('./aws-connection.ts')).connectAws(app);
  const [{ recordOf, resolveRegion }, { serviceEndpoints }] = await Promise.all([
    import('./engines/endpoint.ts'),
    import('./engines/service-endpoints.ts'),
  ]);
  const endpoint = await app.endpoint();
  const region = resolveRegion(app.globals.region, app.env);
  // An engine of ours has one account for the test key; knowing it saves a client and a call.
  const { engine, version } = (await recordOf(app.home, endpoint.value)) ?? {};
  const known = engine === 'embedded' && { account: EMBEDDED_ACCOUNT, ...(version === app.version && { engine }) };
  const endpoints = serviceEndpoints(app.globals.endpointUrl, app.env);
  const target: Target = { kind: 'local', endpoint: endpoint.value, endpoints, region: region.value, ...known };
  return connectTo(target, app.globals.stack, { clock: app.clock, uuid: app.system.uuid });
}
