import { describe, expect, test } from 'vitest';
import type { Call } from '../../../src/lab/calls/call.ts';
import type { CounterexampleView } from '../../../src/lab/check/document.ts';
import { disturbanceText, remedyText } from '../../../src/lab/check/words.ts';
import type { TraceCall, TraceDelivery, TraceMessage } from '../../../src/lab/trace/model.ts';

const call = (operation: string) => ({ operation, resources: ['table/totals'] }) as Call;
const changing = {
  sends: [],
  effects: [{ kind: 'item', table: 'totals', key: 'all', after: {} }],
} as unknown as TraceCall;
const reading = { sends: [], effects: [] } as unknown as TraceCall;

/** A failure of a call, and the calls in each delivery of its message. */
function failed(experiment: 'error' | 'crash', operation: string, ...attempts: TraceCall[][]): CounterexampleView {
  const deliveries = attempts.map(
    (calls, index) => ({ id: `m:${index + 1}`, attempt: index + 1, calls }) as Partial<TraceDelivery>,
  );
  const trace = { calls: [], messages: [{ message_id: 'm', copies: [], deliveries }] };
  const about = { id: 'x', experiment, queue: 'jobs', kind: '', message_id: 'm', call: call(operation), trace };
  return about as unknown as CounterexampleView;
}

/** Each attempt half a minute after the one before. */
const withTimes = (message: TraceMessage): TraceMessage => ({
  ...message,
  deliveries: message.deliveries.map((each, index) => ({ ...each, after_ms: index * 30_000 })),
});

describe('what mends a failed call', () => {
  test('a message that is deleted after an error', () => {
    expect(remedyText(failed('error', 'PutItem', [reading]))).toBe(
      'let the error out, so that the message is not deleted and comes again',
    );
  });

  test.each(['error', 'crash'] as const)('%s at a deletion that comes first', (experiment) => {
    expect(remedyText(failed(experiment, 'DeleteMessage', []))).toMatch(/^delete the message last/);
  });

  test.each(['error', 'crash'] as const)('%s, and a repeat that skips what is missing', (experiment) => {
    expect(remedyText(failed(experiment, 'UpdateItem', [changing], [reading]))).toMatch(/^let the repeat do/);
  });

  test.each(['error', 'crash'] as const)('%s, and a repeat that does it twice', (experiment) => {
    expect(remedyText(failed(experiment, 'UpdateItem', [reading], [changing]))).toMatch(/^let each write depend/);
  });

  test('a batch whose repeat acts in calls that belong to no single message', () => {
    const batch = { ...failed('crash', 'UpdateItem', [], []), kind: 'batch' } as CounterexampleView;
    const late = { ...changing, after_ms: 30_000 };
    const trace = { ...batch.trace!, calls: [late], messages: batch.trace!.messages.map(withTimes) };
    expect(remedyText({ ...batch, trace })).toMatch(/^let each write depend/);
    const early = { ...changing, after_ms: 0 };
    expect(remedyText({ ...batch, trace: { ...trace, calls: [early] } })).toMatch(/^let the repeat do/);
  });

  test('a message of a FIFO queue that failed, and others of its batch that were handled', () => {
    const fifo = { ...failed('error', 'PutItem', [reading], [changing]), kind: 'batch', queue: 'jobs.fifo' };
    expect(remedyText(fifo)).toMatch(/^leave the messages behind one that failed/);
  });
});

test('messages that come at once are no failure of a call', () => {
  const batch = { experiment: 'order', queue: 'jobs', kind: 'batch' } as CounterexampleView;
  expect(disturbanceText(batch)).toBe('jobs: the messages that wait came at once, in a batch');
});
