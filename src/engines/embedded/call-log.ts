import { CliffracerError } from '../../errors.ts';
import type { WholeCall } from '../../lab/calls/call.ts';
import type {
  CallLog,
  CallPage,
  CallQuery,
  ConnectedCalls,
  MessagePlace,
  QueueState,
  QueueSubscription,
} from '../../lab/calls/port.ts';
import { type ControlCall, control } from './control.ts';

const WHAT = 'the call log';
/** Calls in one answer of `connected`: the most that the engine tells. */
const MOST_CONNECTED = 10_000;
/** Calls have inputs and answers of up to 8 MiB, and items before and after. */
const LARGEST_ANSWER = 256 * 1024 * 1024;

export interface CallLogPlace {
  endpoint: string;
  /** Whose queues are looked into. */
  region: string;
  now(): number;
  /** What works on an engine without such a log. */
  instead: string;
  answer?: ControlCall['answer'];
}

/** The call log of the embedded engine, over its control interface. */
export function embeddedCallLog({ endpoint, region, now, instead, answer }: CallLogPlace): CallLog {
  const get = <T>(path: string, query: Record<string, string>, signal?: AbortSignal): Promise<T> => {
    const parameters = new URLSearchParams(query).toString();
    const asked = { path: `${path}${parameters === '' ? '' : `?${parameters}`}`, what: WHAT, largest: LARGEST_ANSWER };
    return control<T>(endpoint, now, { ...asked, answer, ...(signal && { signal }) }).catch((error) => {
      if (!(error instanceof CliffracerError) || error.code !== 'unsupported') throw error;
      throw new CliffracerError('unsupported', error.message, { hint: instead });
    });
  };
  return {
    page: (query: CallQuery, signal?: AbortSignal) => get<CallPage<WholeCall>>('/calls', parametersOf(query), signal),
    call: async (seq) => (await get<{ call: WholeCall }>(`/calls/${seq}`, {})).call,
    connected: (id) => get<ConnectedCalls>('/calls/connected', { of: id, limit: String(MOST_CONNECTED) }),
    messages: ({ beginning = '', limit }) => get('/calls/messages', { beginning, limit: String(limit) }),
    now: async () => (await get<{ clock: { now_ms: number } }>('/clock', {})).clock.now_ms,
    queues: async () => (await get<{ queues: QueueState[] }>('/sqs/queues', { region })).queues,
    async queue(name) {
      const path = `/sqs/queues/${encodeURIComponent(name)}`;
      return (await get<{ queue: QueueState }>(path, { region }).catch(unlessMissing))?.queue;
    },
    async place(queue, messageId) {
      const path = `/sqs/queues/${encodeURIComponent(queue)}/messages/${encodeURIComponent(messageId)}`;
      return (await get<{ message: MessagePlace }>(path, { region }).catch(unlessMissing))?.message;
    },
    tables: async () => (await get<{ tables: { name: string }[] }>('/dynamodb/tables', { region })).tables.map(nameOf),
    subscriptions: async (queue) =>
      (await get<{ subscriptions: QueueSubscription[] }>('/sns/subscriptions', { queue, region })).subscriptions,
  };
}

const nameOf = ({ name }: { name: string }) => name;

function unlessMissing(error: unknown): undefined {
  if (error instanceof CliffracerError && error.code === 'not_found') return undefined;
  throw error;
}

function parametersOf(query: CallQuery): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== false) parameters[name] = value === true ? '1' : String(value);
  }
  return parameters;
}
