import type { LabWorld } from '../../lab/check/world.ts';
import type { ControlCall } from './control.ts';

export type Ask = <T>(call: Omit<ControlCall, 'what'>) => Promise<T>;
type Faults = Pick<LabWorld, 'addFault' | 'isPaused' | 'proceed' | 'faults' | 'removeFault' | 'clearFaults'>;

interface Rule {
  id: number;
  struck: number;
}

/** Fault rules of a check; those of the user stay as they are. */
export function labFaults(ask: Ask): Faults {
  const added = new Set<number>();
  const ended = new Map<number, number>();
  async function removeFault(id: number): Promise<void> {
    if (!added.delete(id)) return;
    const { removed } = await ask<{ removed: Rule[] }>({ method: 'DELETE', path: `/faults/${id}` });
    for (const rule of removed) ended.set(rule.id, rule.struck);
  }
  return {
    removeFault,
    async addFault(fault) {
      const { id } = (await ask<{ fault: Rule }>({ method: 'POST', path: '/faults', body: { ...fault } })).fault;
      added.add(id);
      return id;
    },
    async isPaused(id, waitMs) {
      if (!added.has(id)) return false;
      return (await ask<{ waiting: number }>({ path: `/faults/${id}/paused?wait=${Math.ceil(waitMs)}` })).waiting > 0;
    },
    async proceed(id, goesOn) {
      if (!added.has(id)) return;
      await ask({ method: 'POST', path: `/faults/${id}/release`, body: { fails: !goesOn } });
    },
    async faults() {
      const { faults } = await ask<{ faults: Rule[] }>({ path: '/faults' });
      return new Map([...ended, ...faults.map(({ id, struck }) => [id, struck] as const)]);
    },
    async clearFaults() {
      for (const id of [...added]) await removeFault(id);
    },
  };
}
