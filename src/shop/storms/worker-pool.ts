import { SERVICES, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { KeyLanes } from '../runtime/key-lanes.ts';
import { Actor } from './actor.ts';
import type { Handlers } from './handlers.ts';
import { instrumentedPorts } from './instrumented-ports.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

/** Worker processes, each running all services and restarted whenever it ends. */
export class WorkerPool {
  workerError: string | undefined;
  readonly #simulation: Simulation;
  readonly #ports: Ports;
  readonly #handlers: Handlers;
  readonly #random: SeededRandom;
  readonly #processes = new Map<number, Actor>();
  readonly #tasks: Promise<void>[] = [];
  #stopped = false;

  constructor(simulation: Simulation, ports: Ports, handlers: Handlers, random: SeededRandom) {
    this.#simulation = simulation;
    this.#ports = ports;
    this.#handlers = handlers;
    this.#random = random;
  }

  spawn(number: number): void {
    this.track(this.#keepRunning(number));
  }

  /** A task that must not end with an error; the first error of any task is kept. */
  track(task: Promise<void>): void {
    const kept = task.catch((error: unknown) => {
      this.workerError ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    this.#tasks.push(this.#simulation.start(kept));
  }

  /** Tells all processes to stop and waits until they have finished the messages in flight. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const actor of this.#processes.values()) actor.stop.abort();
    // A storm that exceeded its limits is abandoned.
    if ((await this.#simulation.run(async () => false)) === 'settled') await Promise.all(this.#tasks);
  }

  async #keepRunning(number: number): Promise<void> {
    const supervisor = new Actor(`worker ${number}`);
    for (let start = 1; !this.#stopped; start++) {
      const actor = new Actor(`worker ${number}`);
      this.#processes.set(number, actor);
      const lanes = new KeyLanes();
      const services = SERVICES.map((service) => this.#runService(actor, service, lanes));
      await Promise.race([Promise.all(services), actor.killed]);
      if (!this.#stopped)
        await this.#simulation.sleep(supervisor, this.#random.between(10, 2_000, 'life', number, start));
    }
  }

  async #runService(actor: Actor, service: ServiceName, lanes: KeyLanes): Promise<void> {
    const { ports, clock } = instrumentedPorts(this.#simulation, actor, service, this.#ports);
    const deps = { ports: this.#handlers.ports(ports), clock, services: this.#handlers.services, lanes };
    for await (const _ of this.#handlers.work(deps, { services: [service], stop: actor.stop.signal }));
  }
}
