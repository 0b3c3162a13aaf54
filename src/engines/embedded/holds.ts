import type { Holds, QueueState } from '../../lab/queues/port.ts';
import { type ControlCall, control } from './control.ts';

/** A queue as the control interface tells it. */
type Described = Omit<QueueState, 'queue'> & { name: string };

/** The queues of one account and region of the embedded engine, over its control interface. */
export function embeddedHolds(
  endpoint: string,
  region: string,
  now: () => number,
  answer?: ControlCall['answer'],
): Holds {
  const call = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Record<string, unknown>): Promise<T> =>
    control<T>(endpoint, now, {
      ...{ method, path: `/sqs/queues${path}?region=${encodeURIComponent(region)}`, what: 'holding a queue' },
      ...(body !== undefined && { body }),
      answer,
    });
  const path = (queue: string, act: string) => `/${encodeURIComponent(queue)}/${act}`;
  return {
    async queues() {
      const { queues } = await call<{ queues: Described[] }>('GET', '');
      return queues.map(({ name: queue, ...state }) => ({ queue, ...state }));
    },
    hold: (queue, where) => call('POST', path(queue, 'hold'), where === undefined ? {} : { where }),
    release: (queue, what) => call('POST', path(queue, 'release'), { ...what }),
    end: (queue) => call('DELETE', path(queue, 'hold')),
  };
}
