import { SERVICES, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { Actor } from './actor.ts';
import type { Dice } from './dice.ts';
import type { Handlers } from './handlers.ts';
import { lineOf } from './line.ts';
import type { Simulation } from './simulation.ts';

/** The workers, each a process with all services, started again whenever it ends. */
export class Crew {
  breakdown: string | undefined;
  readonly #simulation: Simulation;
  readonly #ports: Ports;
  readonly #handlers: Handlers;
  readonly #dice: Dice;
  readonly #at = new Map<number, Actor>();
  readonly #tasks: Promise<void>[] = [];
  #over = false;

  constructor(simulation: Simulation, ports: Ports, handlers: Handlers, dice: Dice) {
    this.#simulation = simulation;
    this.#ports = ports;
    this.#handlers = handlers;
    this.#dice = dice;
  }

  hire(number: number): void {
    this.enlist(this.#keepRunning(number));
  }

  /** Anybody who may end only by having done what there is to do. */
  enlist(task: Promise<void>): void {
    const kept = task.catch((error: unknown) => {
      this.breakdown ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    this.#tasks.push(this.#simulation.start(kept));
  }

  /** Lets all of them finish what they have in hand. */
  async dismiss(): Promise<void> {
    this.#over = true;
    for (const actor of this.#at.values()) actor.stop.abort();
    // A storm that went beyond its limits is left as it stands.
    if ((await this.#simulation.run(async () => false)) === 'settled') await Promise.all(this.#tasks);
  }

  async #keepRunning(number: number): Promise<void> {
    const supervisor = new Actor(`worker ${number}`);
    for (let life = 1; !this.#over; life++) {
      const actor = new Actor(`worker ${number}`);
      this.#at.set(number, actor);
      const lines = SERVICES.map((service) => this.#work(actor, service));
      await Promise.race([Promise.all(lines), actor.killed]);
      if (!this.#over) await this.#simulation.sleep(supervisor, this.#dice.between(10, 2_000, 'life', number, life));
    }
  }

  async #work(actor: Actor, service: ServiceName): Promise<void> {
    const { ports, clock } = lineOf(this.#simulation, actor, service, this.#ports);
    const deps = { ports: this.#handlers.ports(ports), clock, services: this.#handlers.services };
    for await (const _ of this.#handlers.work(deps, { services: [service], stop: actor.stop.signal }));
  }
}
