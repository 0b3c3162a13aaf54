import type { Contents, LabWorld, QueueState } from '../../lab/check/world.ts';
import { embeddedCallLog } from './call-log.ts';
import { type ControlCall, control } from './control.ts';
import { embeddedHolds } from './holds.ts';
import { labFaults } from './lab-faults.ts';
import { putItem, sendMessage } from './lab-send.ts';

export interface LabPlace {
  endpoint: string;
  region: string;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  answer?: ControlCall['answer'];
}

interface Clock {
  clock: { frozen: boolean; now_ms: number };
}

/** All contents of a world in one answer. */
const LARGEST_CONTENTS = 256 * 1024 * 1024;

/** The embedded engine as experiments use it, over its control interface. */
export function embeddedLabWorld({ endpoint, region, clock, answer }: LabPlace): LabWorld {
  const { now } = clock;
  const ask = <T>(call: Omit<ControlCall, 'what'>) => control<T>(endpoint, now, { what: 'a check', answer, ...call });
  const post = <T>(path: string, body: Record<string, unknown> = {}) => ask<T>({ method: 'POST', path, body });
  const holds = embeddedHolds(endpoint, region, now, answer);
  const place = `region=${encodeURIComponent(region)}`;
  const snapshot = (name: string) => `/snapshots/${encodeURIComponent(name)}`;
  const inQueue = (queue: string, act: string) => `/sqs/queues/${encodeURIComponent(queue)}/${act}?${place}`;
  const contents = (more: string) => ask<Contents>({ path: `/contents?${place}&${more}`, largest: LARGEST_CONTENTS });
  return {
    calls: embeddedCallLog({ endpoint, region, now, answer, instead: 'cliffracer up --engine embedded --port 0' }),
    contents: (include) => contents(`include=${include.join(',')}`),
    waiting: async () => (await contents('only=queues')).queues,
    queues: async () => (await ask<{ queues: QueueState[] }>({ path: `/sqs/queues?${place}` })).queues,
    saveSnapshot: async (name) => void (await post(snapshot(name))),
    loadSnapshot: async (name, seed) => void (await post(`${snapshot(name)}/load`, seed === undefined ? {} : { seed })),
    deleteSnapshot: (name) => ask({ method: 'DELETE', path: snapshot(name) }),
    async freeze() {
      const { clock } = await ask<Clock>({ path: '/clock' });
      if (!clock.frozen) await post('/clock/freeze');
      return clock.frozen;
    },
    resume: async () => void (await post('/clock/resume')),
    async nextTimer() {
      const before = (await ask<Clock>({ path: '/clock' })).clock.now_ms;
      const { fired_count, clock: after } = await post<Clock & { fired_count: number }>('/clock/next');
      return fired_count > 0 ? after.now_ms - before : undefined;
    },
    advance: async (ms) => void (await post('/clock/advance', { ms })),
    hold: async (queue) => void (await holds.hold(queue, undefined)),
    release: async (queue, messages, again) =>
      void (await post(inQueue(queue, 'release'), { messages, ...(again && { again }) })),
    copy: async (queue, message, how) =>
      (await post<{ message_id: string }>(inQueue(queue, 'copy'), { message, ...how })).message_id,
    receivers: async (queue, atLeast, waitMs) =>
      (
        await ask<{ waiting: number }>({
          path: `${inQueue(queue, 'receivers')}&at_least=${Math.max(1, atLeast)}&wait=${Math.max(1, Math.ceil(waitMs))}`,
        })
      ).waiting,
    ...labFaults(ask),
    putItem: (table, item) => putItem({ endpoint, region }, table, item),
    send: (message) => sendMessage({ endpoint, region }, message),
    pass: (ms, signal) => clock.sleep(ms, signal),
  };
}
