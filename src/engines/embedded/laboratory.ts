import type { HeldMessage, Laboratory } from '../../lab/step/port.ts';
import { embeddedCallLog } from './call-log.ts';
import { type ControlCall, control } from './control.ts';
import { embeddedHolds } from './holds.ts';

/** Messages asked for at a time while one that is held is looked for. */
const PAGE = 100;

export interface LaboratoryPlace {
  endpoint: string;
  region: string;
  now(): number;
}

interface Page {
  messages: (Omit<HeldMessage, 'group'> & { held: boolean; system_attributes: Record<string, string> })[];
  next_offset: number | null;
}

/** Calls, holds, snapshots and faults of the embedded engine, over its control interface. */
export function embeddedLaboratory({ endpoint, region, now }: LaboratoryPlace): Laboratory {
  const ask = <T>(call: Omit<ControlCall, 'what'>) => control<T>(endpoint, now, { ...call, what: 'stepping' });
  const snapshot = (name: string) => `/snapshots/${encodeURIComponent(name)}`;
  const ofQueue = (queue: string, act: string) =>
    `/sqs/queues/${encodeURIComponent(queue)}/${act}?region=${encodeURIComponent(region)}`;
  return {
    log: embeddedCallLog({ endpoint, region, now, instead: 'cliffracer up --engine embedded --port 0' }),
    holds: embeddedHolds(endpoint, region, now),
    async firstHeld(queue, isMeant = () => true) {
      for (let offset = 0; ; ) {
        const query = new URLSearchParams({ region, limit: String(PAGE), offset: String(offset) });
        const path = `/sqs/queues/${encodeURIComponent(queue)}/messages?${query}`;
        const { messages, next_offset: next } = await ask<Page>({ path });
        for (const { held, system_attributes: system, ...message } of messages) {
          const found = { ...message, group: system.MessageGroupId ?? null };
          if (held && isMeant(found)) return found;
        }
        if (messages.length === 0) return undefined;
        offset = next ?? offset + messages.length;
      }
    },
    saveSnapshot: (name) => ask({ method: 'POST', path: snapshot(name) }),
    loadSnapshot: (name) => ask({ method: 'POST', path: `${snapshot(name)}/load` }),
    deleteSnapshot: (name) => ask({ method: 'DELETE', path: snapshot(name) }),
    async redrive(queue, message, to) {
      const call = { method: 'POST', path: ofQueue(queue, 'redrive'), body: { message, to } } as const;
      return (await ask<{ message_id: string }>(call)).message_id;
    },
    async untilPolled(queue, waitMs) {
      await ask({ path: `${ofQueue(queue, 'receivers')}&at_least=1&wait=${waitMs}` });
    },
    async deadLetter(queue, message) {
      const call = { method: 'POST', path: ofQueue(queue, 'dead-letter'), body: { message } } as const;
      return (await ask<{ dead_letter_queue: string }>(call)).dead_letter_queue;
    },
    async failCall(message, nth) {
      const body = { rule: 'error AccessDenied 1', message, skip: nth - 1 };
      return (await ask<{ fault: { id: number } }>({ method: 'POST', path: '/faults', body })).fault.id;
    },
    async clearFault(rule) {
      await ask({ method: 'DELETE', path: `/faults/${rule}` });
    },
    elapsed: now,
  };
}
