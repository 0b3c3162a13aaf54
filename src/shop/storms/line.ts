import type { Ports } from '../../ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Actor } from './actor.ts';
import type { Simulation } from './simulation.ts';

/** What a process has of the world: ports and a clock at which it takes turns with all others. */
export interface Line {
  ports: Ports;
  clock: Clock;
}

/** Answers of these come bit by bit; nothing that handles a message asks for them. */
const STREAMS: ReadonlySet<string> = new Set(['tables.scan', 'tables.query', 'bucket.list', 'logs.filter']);

export function lineOf(simulation: Simulation, actor: Actor, line: string, ports: Ports): Line {
  const gated = <P extends object>(name: string, port: P): P => {
    const gates = new Map<string | symbol, unknown>();
    return new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        let gate = gates.get(key);
        if (gate === undefined) {
          const call = `${name}.${String(key)}`;
          const run = (args: readonly unknown[]) => method.apply(target, args) as Promise<unknown>;
          gate = STREAMS.has(call) ? method : (...args: unknown[]) => simulation.call(actor, line, call, args, run);
          gates.set(key, gate);
        }
        return gate;
      },
    });
  };
  return {
    ports: {
      queues: gated('queues', ports.queues),
      topic: gated('topic', ports.topic),
      tables: gated('tables', ports.tables),
      bucket: gated('bucket', ports.bucket),
      metrics: gated('metrics', ports.metrics),
      logs: gated('logs', ports.logs),
    },
    clock: {
      now: () => simulation.now(),
      sleep: (ms, signal) => simulation.sleep(actor, ms, signal),
    },
  };
}
