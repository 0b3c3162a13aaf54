import type { ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';

interface Source {
  /** Ports whose calls are part of the trace with this root, in this name. */
  traced(root: string, caller: string): Ports;
  /** Name of a service in an engine's call log. */
  callerOf(service: ServiceName): string;
  clock: { now(): number };
  bytes(count: number): Uint8Array;
}

/**
 * Ports for each service of this process, in its name and with a trace of its own: services are at work at the same time, and an engine that
 * keeps a log of calls can tell by it which message a call was made for.
 */
export function servicePorts({ traced, callerOf, clock, bytes }: Source): (service: ServiceName) => Ports {
  const known = new Map<ServiceName, Ports>();
  return (service) => {
    const ports = known.get(service) ?? traced(traceRoot(clock.now(), bytes(12)), callerOf(service));
    known.set(service, ports);
    return ports;
  };
}

/** X-Ray Developer Guide, Trace ID format: version, seconds in 8 digits, 96 random bits. */
const traceRoot = (now: number, random: Uint8Array) =>
  `1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${Buffer.from(random).toString('hex')}`;
