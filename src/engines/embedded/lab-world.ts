import { CliffracerError } from '../../errors.ts';
import type { Contents, LabWorld, QueueState } from '../../lab/check/world.ts';
import { jsonCall, rawCall } from '../raw-call.ts';
import { embeddedCallLog } from './call-log.ts';
import { type ControlCall, control } from './control.ts';
import { embeddedHolds } from './holds.ts';

export interface LabPlace {
  endpoint: string;
  region: string;
  now(): number;
}

/** What the answers to POST hold of what is asked for here. */
interface Answered {
  fired_count: number;
  fault: { id: number };
}

/** All contents of a world in one answer. */
const LARGEST_CONTENTS = 256 * 1024 * 1024;
const SEND_TIMEOUT_MS = 10_000;

/** The embedded engine as experiments use it, over its control interface. */
export function embeddedLabWorld({ endpoint, region, now }: LabPlace): LabWorld {
  const ask = <T>(call: Omit<ControlCall, 'what'>) => control<T>(endpoint, now, { what: 'a check', ...call });
  const post = (path: string, body: Record<string, unknown> = {}) => ask<Answered>({ method: 'POST', path, body });
  const holds = embeddedHolds(endpoint, region, now);
  const place = `region=${encodeURIComponent(region)}`;
  const snapshot = (name: string) => `/snapshots/${encodeURIComponent(name)}`;
  return {
    calls: embeddedCallLog({ endpoint, region, now, instead: 'cliffracer up --engine embedded --port 0' }),
    contents: () => ask<Contents>({ path: `/contents?${place}`, largest: LARGEST_CONTENTS }),
    waiting: async () =>
      (await ask<Contents>({ path: `/contents?${place}&only=queues`, largest: LARGEST_CONTENTS })).queues,
    queues: async () => (await ask<{ queues: QueueState[] }>({ path: `/sqs/queues?${place}` })).queues,
    saveSnapshot: async (name) => void (await post(snapshot(name))),
    loadSnapshot: async (name) => void (await post(`${snapshot(name)}/load`)),
    deleteSnapshot: (name) => ask({ method: 'DELETE', path: snapshot(name) }),
    async freeze() {
      const { clock } = await ask<{ clock: { frozen: boolean } }>({ path: '/clock' });
      if (!clock.frozen) await post('/clock/freeze');
      return clock.frozen;
    },
    resume: async () => void (await post('/clock/resume')),
    nextTimer: async () => (await post('/clock/next')).fired_count > 0,
    hold: async (queue) => void (await holds.hold(queue, undefined)),
    release: async (queue, message, again) => void (await holds.release(queue, { message, ...(again && { again }) })),
    async receivers(queue, atLeast, waitMs) {
      const query = `at_least=${Math.max(1, atLeast)}&wait=${Math.ceil(waitMs)}&${place}`;
      return (await ask<{ waiting: number }>({ path: `/sqs/queues/${encodeURIComponent(queue)}/receivers?${query}` }))
        .waiting;
    },
    ...faultsOf(ask),
    send: (queue, body) => send({ endpoint, region }, queue, body),
  };
}

type Ask = <T>(call: Omit<ControlCall, 'what'>) => Promise<T>;

function faultsOf(ask: Ask): Pick<LabWorld, 'addFault' | 'faults' | 'removeFault' | 'clearFaults'> {
  const added = new Set<number>();
  const ended = new Map<number, number>();
  async function removeFault(id: number): Promise<void> {
    if (!added.delete(id)) return;
    const path = `/faults/${id}`;
    const { removed } = await ask<{ removed: { id: number; struck: number }[] }>({ method: 'DELETE', path });
    for (const rule of removed) ended.set(rule.id, rule.struck);
  }
  return {
    removeFault,
    async addFault(fault) {
      const { id } = (await ask<Answered>({ method: 'POST', path: '/faults', body: { ...fault } })).fault;
      added.add(id);
      return id;
    },
    async faults() {
      const { faults } = await ask<{ faults: { id: number; struck: number }[] }>({ path: '/faults' });
      return new Map([...ended, ...faults.map(({ id, struck }) => [id, struck] as const)]);
    },
    async clearFaults() {
      for (const id of [...added]) await removeFault(id);
    },
  };
}

/** SQS takes the name alone for the address of a queue. */
async function send({ endpoint, region }: Omit<LabPlace, 'now'>, queue: string, body: string): Promise<string> {
  const call = jsonCall('sqs', '1.0', 'AmazonSQS.SendMessage', { QueueUrl: queue, MessageBody: body });
  const answer = await rawCall(endpoint, region, call, SEND_TIMEOUT_MS);
  const document = JSON.parse(answer.body) as { MessageId?: string; message?: string };
  if (document.MessageId !== undefined) return document.MessageId;
  throw new CliffracerError('aws_error', `${queue} takes no message: ${document.message ?? `HTTP ${answer.status}`}`);
}
