import type { Ports } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import { type WorkDeps, type WorkFact, type WorkOptions, work } from '../runtime/worker.ts';
import { STANDARD_STACK, type StackVariant } from './test-bed.ts';

/** The implementation of the shop that a storm runs. */
export interface Handlers {
  services: Services;
  /** Wraps the ports that the services use. */
  ports(ports: Ports): Ports;
  work(deps: WorkDeps, options: WorkOptions): AsyncIterable<WorkFact>;
  stack: StackVariant;
  /**
   * Whether faults may hit customers' processes too, with `audit --repair` afterwards. Not for flawed handlers: the repair
   * would hide what the flaws did.
   */
  repairs: boolean;
}

/** The shop as it is. */
export const CORRECT_HANDLERS: Handlers = {
  services: SERVICE_MODULES,
  ports: (ports) => ports,
  work,
  stack: STANDARD_STACK,
  repairs: true,
};
