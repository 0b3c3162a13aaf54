import type { Ports } from '../../../src/ports.ts';

/** The process has died: nothing that it still tries to do reaches the world. */
export class Crash extends Error {}

export interface CrashPoint {
  /** Which call to a port it dies at, counted from 1. */
  call: number;
  /** Whether the call still has its effect (its answer is lost) or not. */
  when: 'before' | 'after';
}

/** Ports of a process that dies at one of its calls. `calls` tells how many it made. */
export function crashing(ports: Ports, point: CrashPoint | undefined): { ports: Ports; calls(): number } {
  let calls = 0;
  let dead = false;
  const act = async (call: () => unknown): Promise<unknown> => {
    if (dead) throw new Crash('dead');
    const here = ++calls === point?.call;
    if (!here) return call();
    dead = true;
    if (point.when === 'after') await call();
    throw new Crash(`dies ${point.when} call ${calls}`);
  };
  const wrap = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => act(() => member.apply(target, args));
      },
    });
  const { queues, topic, tables, bucket, metrics, logs } = ports;
  const wrapped = {
    queues: wrap(queues),
    topic: wrap(topic),
    tables: wrap(tables),
    bucket: wrap(bucket),
    metrics: wrap(metrics),
    logs: wrap(logs),
  };
  return { ports: wrapped, calls: () => calls };
}
