import type { Call, Effect } from '../../src/lab/calls/call.ts';
import type { QueueState } from '../../src/lab/queues/port.ts';
import { WatchedSystem } from '../../src/lab/watch/model.ts';
import { PLAIN, type ViewContext } from '../../src/views/context.ts';
import { effectText } from '../../src/views/effects.ts';
import type { State } from '../../src/watch/render.ts';
import { START, type Ui } from '../../src/watch/ui.ts';

export const NOON = Date.UTC(2026, 0, 1, 12);
export const CONTEXT: ViewContext = { paint: PLAIN, width: 80, now: NOON, terminal: true };

export const queueNamed = (queue: string, more: Partial<QueueState> = {}): QueueState => ({
  ...{ queue, fifo: false, ready: 0, in_flight: 0, delayed: 0, held: 0, hold: null, oldest_at: null },
  ...{ dead_letter_queue: null, dead_letters_of: [], consumers: [] },
  ...more,
});

let seq = 0;
export const callWith = (effects: Effect[], more: Partial<Call> = {}): Call => ({
  ...{ seq: ++seq, at: new Date(NOON + seq).toISOString(), at_ms: NOON + seq, duration_ms: 1, caller: 'app' },
  ...{ service: 'sqs', operation: 'SendMessage', account: '000000000000', region: 'us-east-1', resources: [] },
  ...{ outcome: 'ok', error: null, fault: null, effects, deliveries: [], certainty: null, invocation_id: null },
  undone_by: null,
  ...more,
});

export const messageEffect = (change: string, queue: string, message_id: string, more: object = {}): Effect => ({
  ...{ kind: 'message', change, queue, message_id, receives: 0, until: null, to: null, group: null, other: null },
  ...{ trace: null, body: null },
  ...more,
});

export function systemOf(queues: readonly QueueState[], calls: readonly Call[] = []): WatchedSystem {
  const system = new WatchedSystem(effectText);
  system.setQueues(queues);
  system.add(calls);
  return system;
}

export const stateOf = (system: WatchedSystem, ui: Partial<Ui> = {}): State => ({
  ...{ seen: { system }, ui: { ...START, ...ui }, endpoint: 'http://127.0.0.1:4566', isLost: false, rate: 0 },
});
