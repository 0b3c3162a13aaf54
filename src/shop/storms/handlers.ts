import type { Ports } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import { type WorkDeps, type WorkFact, type WorkOptions, work } from '../runtime/worker.ts';
import { RIGHT_SETUP, type StageSetup } from './stage.ts';

/** Who handles the messages of a storm. */
export interface Handlers {
  services: Services;
  /** What stands between the services and the world. */
  ports(ports: Ports): Ports;
  work(deps: WorkDeps, options: WorkOptions): AsyncIterable<WorkFact>;
  setup: StageSetup;
  /**
   * Customers' programs may die as well, which `audit --repair` mends afterwards. It would mend what flaws have done, too.
   */
  mends: boolean;
}

/** The shop as it is. */
export const RIGHT_HANDLERS: Handlers = {
  services: SERVICE_MODULES,
  ports: (ports) => ports,
  work,
  setup: RIGHT_SETUP,
  mends: true,
};
