import type { App } from '../app.ts';
import { control } from '../engines/embedded/control.ts';
import type { ClockView } from '../views/clock.ts';

/** One call to the engine's clock; what fired meanwhile is in the answer. */
export async function callClock(
  app: App,
  method: 'GET' | 'POST',
  path: string,
  body?: Record<string, unknown>,
): Promise<ClockView> {
  const endpoint = (await app.endpoint()).value;
  return control<ClockView>(endpoint, app.clock.now, {
    ...{ method, path: `/clock${path}`, what: 'a clock that can be turned' },
    body,
  });
}
