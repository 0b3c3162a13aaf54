import type { Clock } from '../../clock.ts';
import type { Ports } from '../../ports.ts';
import type { Actor } from './actor.ts';
import type { Simulation } from './simulation.ts';

/** Ports and a clock of one process; the simulation schedules its calls among those of all others. */
export interface ProcessPorts {
  ports: Ports;
  clock: Clock;
}

/** These return streams and are not used by message handlers: they are passed through. */
const STREAMS: ReadonlySet<string> = new Set(['tables.scan', 'tables.query', 'bucket.list', 'logs.filter']);

export function instrumentedPorts(simulation: Simulation, actor: Actor, caller: string, ports: Ports): ProcessPorts {
  const instrumented = <P extends object>(name: string, port: P): P => {
    const wrappers = new Map<string | symbol, unknown>();
    return new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        let wrapper = wrappers.get(key);
        if (wrapper === undefined) {
          const call = `${name}.${String(key)}`;
          const run = (args: readonly unknown[]) => method.apply(target, args) as Promise<unknown>;
          wrapper = STREAMS.has(call)
            ? method
            : (...args: unknown[]) => simulation.call(actor, caller, call, args, run);
          wrappers.set(key, wrapper);
        }
        return wrapper;
      },
    });
  };
  return {
    ports: {
      queues: instrumented('queues', ports.queues),
      topic: instrumented('topic', ports.topic),
      tables: instrumented('tables', ports.tables),
      bucket: instrumented('bucket', ports.bucket),
      metrics: instrumented('metrics', ports.metrics),
      logs: instrumented('logs', ports.logs),
    },
    clock: {
      now: () => simulation.now(),
      sleep: (ms, signal) => simulation.sleep(actor, ms, signal),
    },
  };
}
