import type { EngineControls } from '../../lab/controls/port.ts';
import { type ControlCall, control } from './control.ts';

export interface ControlsPlace {
  endpoint: string;
  /** Whose queues and topics are told of. */
  region: string;
  now(): number;
}

const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Clock, faults, snapshots and looks into queues of the embedded engine, over its control interface. */
export function embeddedControls({ endpoint, region, now }: ControlsPlace): EngineControls {
  const ask = <T>(what: string, call: Omit<ControlCall, 'what'>) =>
    control<T>(endpoint, now, { what, largest: LARGEST_ANSWER, ...call });
  const clock = <T>(method: 'GET' | 'POST', path: string, body?: Record<string, unknown>) =>
    ask<T>('a clock that can be turned', { method, path: `/clock${path}`, body });
  const fault = <T>(method: ControlCall['method'] & string, path: string, body?: Record<string, unknown>) =>
    ask<T>('fault injection', { method, path: `/faults${path}`, body });
  const snapshot = <T>(method: ControlCall['method'] & string, path: string) =>
    ask<T>('a snapshot', { method, path: `/snapshots${path}` });
  const named = (name: string) => `/${encodeURIComponent(name)}`;
  return {
    clock: async () => (await clock<{ clock: Awaited<ReturnType<EngineControls['clock']>> }>('GET', '')).clock,
    freeze: () => clock('POST', '/freeze'),
    resume: () => clock('POST', '/resume'),
    advance: (ms) => clock('POST', '/advance', { ms }),
    next: () => clock('POST', '/next'),
    faults: async () => (await fault<{ faults: [] }>('GET', '')).faults,
    addFault: async (rule) => (await fault<{ fault: never }>('POST', '', { rule })).fault,
    clearFaults: async (id) => void (await fault('DELETE', id === undefined ? '' : `/${id}`)),
    snapshots: async () => (await snapshot<{ snapshots: [] }>('GET', '')).snapshots,
    saveSnapshot: async (name) => void (await snapshot('POST', named(name))),
    loadSnapshot: async (name) => void (await snapshot('POST', `${named(name)}/load`)),
    deleteSnapshot: async (name) => void (await snapshot('DELETE', named(name))),
    difference(name, other, limit) {
      const query = new URLSearchParams({ limit: String(limit), ...(other !== undefined && { with: other }) });
      return snapshot('GET', `${named(name)}/diff?${query}`);
    },
    messages(queue, { state, offset, limit }) {
      const query = new URLSearchParams({ region, state, offset: String(offset), limit: String(limit) });
      return ask('a look into a queue', { path: `/sqs/queues${named(queue)}/messages?${query}` });
    },
    topics: async () => (await ask<{ topics: [] }>('the topics', { path: `/sns/topics?region=${region}` })).topics,
    async announce(url) {
      const call = url === undefined ? { method: 'DELETE' as const } : { method: 'POST' as const, body: { url } };
      await ask('the console', { path: '/console', ...call });
    },
  };
}
