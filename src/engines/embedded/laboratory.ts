import type { Laboratory } from '../../lab/step/port.ts';
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
  messages: { message_id: string; held: boolean }[];
  next_offset: number | null;
}

/** Calls, holds, snapshots and faults of the embedded engine, over its control interface. */
export function embeddedLaboratory({ endpoint, region, now }: LaboratoryPlace): Laboratory {
  const ask = <T>(call: Omit<ControlCall, 'what'>) => control<T>(endpoint, now, { ...call, what: 'stepping' });
  return {
    log: embeddedCallLog({ endpoint, region, now, instead: 'cliffracer up --engine embedded --port 0' }),
    holds: embeddedHolds(endpoint, region, now),
    async firstHeld(queue) {
      for (let offset = 0; ; ) {
        const query = new URLSearchParams({ region, limit: String(PAGE), offset: String(offset) });
        const path = `/sqs/queues/${encodeURIComponent(queue)}/messages?${query}`;
        const { messages, next_offset: next } = await ask<Page>({ path });
        const found = messages.find(({ held }) => held);
        if (found !== undefined) return found.message_id;
        if (messages.length === 0) return undefined;
        offset = next ?? offset + messages.length;
      }
    },
    async saveSnapshot(name) {
      await ask({ method: 'POST', path: `/snapshots/${encodeURIComponent(name)}` });
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
