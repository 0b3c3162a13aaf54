import type { App } from '../app.ts';
import type { CallLog } from '../lab/calls/port.ts';

/** The call log of the engine in use; `instead` is what works on another engine. Its methods reject with `unsupported` there. */
export async function callLogOf(app: App, instead = 'cliffracer up --engine embedded --port 0'): Promise<CallLog> {
  const [{ embeddedCallLog }, { resolveRegion }] = await Promise.all([
    import('../engines/embedded/call-log.ts'),
    import('../engines/endpoint.ts'),
  ]);
  const endpoint = (await app.endpoint()).value;
  const region = resolveRegion(app.globals.region, app.env).value;
  return embeddedCallLog({ endpoint, region, now: app.clock.now, instead });
}
