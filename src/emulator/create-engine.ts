import { DEFAULT_LIMITS } from './calls/log.ts';
import { createEmulator } from './index.ts';
import { requestHandler } from './request-handler.ts';
import type { Listening, LocalEngine, LocalEngineOptions } from './types/engine.ts';

export type * from './types/engine.ts';

/** Makes an engine: in memory, without a port, unless asked for. Throws when the data directory cannot be gone on with. */
export function createEngine(options: LocalEngineOptions = {}): LocalEngine {
  const { frozenAt, calls, ...rest } = options;
  const emulator = createEmulator({
    ...rest,
    ...(frozenAt !== undefined && { frozenAt: timeOf(frozenAt) }),
    ...(calls !== undefined && { calls: calls === 0 ? false : { ...DEFAULT_LIMITS, count: calls } }),
  });
  const open = new Set<Listening>();
  const close = async () => {
    await Promise.all([...open].map((each) => each.close()));
    emulator.close();
  };
  return {
    requestHandler: requestHandler(emulator),
    async listen({ port: wanted = 0, host = '127.0.0.1' } = {}) {
      const { serve } = await import('./http/server.ts');
      const { port, close: stop } = await serve(emulator, { port: wanted, host });
      const listening: Listening = {
        ...{ port, endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}` },
        async close() {
          open.delete(listening);
          await stop();
        },
      };
      open.add(listening);
      return listening;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function timeOf(time: Date | string | number): number {
  const at = new Date(time).getTime();
  if (Number.isNaN(at)) throw new TypeError(`frozenAt ${JSON.stringify(time)} is no time`);
  return at;
}
