import { describe, expect, test } from 'vitest';
import { type Palette, PLAIN, type ViewContext } from '../../src/views/context.ts';
import { type DeadLetterDetail, deadLetterView } from '../../src/views/dead-letter.ts';
import { deadLettersView, type ListedDeadLetters } from '../../src/views/dead-letters.ts';
import { redriveView, type ShownRedrive } from '../../src/views/redrive.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const tagged = Object.fromEntries(
  Object.keys(PLAIN).map((colour) => [colour, (text: string) => `<${colour}>${text}</>`]),
) as unknown as Palette;
const terminal: ViewContext = { paint: tagged, width: 80, now: NOW, terminal: true };
const pipe: ViewContext = { paint: PLAIN, width: Number.POSITIVE_INFINITY, now: NOW, terminal: false };

const report: ShownRedrive = {
  ...{ queue: 'payment-queue-dlq', to: 'payment-queue', way: 'receive_send_delete', dry_run: false, ended: 'done' },
  ...{ moved: 3, skipped: 1, failed: 0, failures: [], duplicates: 0, remaining: 1, unknown_fields: [], sample: [] },
  ...{ after_a_crash: 'a message may come twice', duration_ms: 12 },
};

describe('a redrive', () => {
  test('in a terminal', () => {
    expect(redriveView(report, terminal)).toMatchInlineSnapshot(`
      "<green>✓</> <bold>3 messages</> moved from payment-queue-dlq to payment-queue<dim> in 12 ms</>; 1 other does not match
        <dim>way</>      received, sent with all attributes, deleted, in that order
        <dim>a crash</>  a message may come twice
        1 message in payment-queue-dlq
      <dim>  Next: cliffracer drain</>"
    `);
  });

  test('that met trouble', () => {
    const failures = [{ message_id: 'm-1\u001b[2J', code: 'InternalError', message: 'out\nof luck' }];
    const trouble = {
      ...report,
      failed: 1,
      failures,
      duplicates: 2,
      unknown_fields: ['t\u202eypo'],
      ended: 'interrupted' as const,
    };
    expect(redriveView(trouble, pipe)).toMatchInlineSnapshot(`
      "! 3 messages moved from payment-queue-dlq to payment-queue in 12 ms; 1 other does not match
        way      received, sent with all attributes, deleted, in that order
        a crash  a message may come twice
        1 message could not be moved:
          m-1\\u001b[2J  InternalError: out\\u000aof luck
        2 messages sent and not deleted: in both queues now
        no message has a field "t\\u202eypo"
        Interrupted: the others are where they were.
        1 message in payment-queue-dlq"
    `);
  });

  test('that would move more than is shown', () => {
    const sample = [{ message_id: 'm-1', event_type: undefined, order_id: 'ord_1', reason: 'not_json', attempts: 3 }];
    expect(redriveView({ ...report, dry_run: true, moved: 4, skipped: 0, sample }, pipe)).toMatchInlineSnapshot(`
      "4 messages would be moved from payment-queue-dlq to payment-queue

      MESSAGE  EVENT  ORDER  REASON    ATTEMPTS
      m-1      -      ord_1  not_json         3
      and 3 more

        way      received, sent with all attributes, deleted, in that order
        a crash  a message may come twice"
    `);
  });
});

describe('the queues', () => {
  const empty: ListedDeadLetters = {
    service: 'order',
    queue: 'order-queue-dlq',
    messages: 0,
    in_flight: 0,
    oldest: undefined,
    reasons: [],
    examined: 0,
  };

  test('without dead letters', () => {
    expect(deadLettersView({ queues: [empty], others: [] }, pipe)).toMatchInlineSnapshot(`
      "QUEUE            MESSAGES  OLDEST  TOP REASON
      order-queue-dlq         0
      No dead letters."
    `);
  });

  test('with more than was looked at, and with what somebody holds', () => {
    const many = {
      ...empty,
      messages: 250,
      in_flight: 10,
      examined: 100,
      oldest: '2026-01-01T09:00:00.000Z',
      reasons: [
        { reason: 'not\u0007json', messages: 60 },
        { reason: 'x', messages: 40 },
      ],
    };
    const held = { ...empty, service: 'payment', queue: 'payment-queue-dlq', messages: 2, in_flight: 2 } as const;
    expect(deadLettersView({ queues: [many, held], others: [] }, { ...terminal, paint: PLAIN })).toMatchInlineSnapshot(`
      "QUEUE              MESSAGES  OLDEST  TOP REASON
      order-queue-dlq         250  3h ago  not\\u0007json (60 of 100)
      payment-queue-dlq         2          2 messages in somebody's hands
      Of order-queue-dlq 100 messages were looked at.
      Look: cliffracer dlq show order. Move back: cliffracer dlq redrive order"
    `);
  });
});

describe('a dead letter', () => {
  const letter: DeadLetterDetail = {
    ...{
      message_id: 'm-1',
      service: 'payment',
      queue: 'payment-queue-dlq',
      source: 'payment-queue',
      event_type: 'order_created',
      event_id: 'e-1',
    },
    ...{ order_id: 'ord_1', attempts: 3, receive_count: 5, sent_at: '2026-01-01T11:00:00.000Z', reason: 'internal' },
    error: {
      code: 'internal',
      message: 'no\u001b[31m luck',
      stack: 'Error: no luck\n    at here\u001b[2J',
      at: '2026-01-01T11:30:00.000Z',
    },
    attributes: { event_type: 'order_created', trace: 'a\u009bb' },
    body: JSON.stringify({ lines: Array.from({ length: 70 }, (_, n) => n) }),
    order: null,
  };

  test('whole, in a terminal: the last error with its stack, the body cut', () => {
    const shown = deadLetterView({ queue: letter.queue, depth: 1, messages: [letter], more: false }, terminal);
    expect(shown.split('\n').slice(0, 14).join('\n')).toMatchInlineSnapshot(`
      "<bold>m-1</>
        <dim>event      </> <bold>order_created</> <dim>e-1</>
        <dim>order      </> ord_1 <yellow>is not in the table orders</>
        <dim>attempts   </> 3<dim>, sent 1h ago, last failed 30m ago</>
        <dim>reason     </> <red>internal</>: no\\u001b[31m luck
      <dim>    Error: no luck</>
      <dim>        at here\\u001b[2J</>
        <dim>attributes </> trace = a\\u009bb

        {
          "lines": [
            0,
            1,
            2,"
    `);
    expect(shown.split('\n').at(-1)).toBe('<dim>  and 14 more lines: --json has them all</>');
  });

  test('one of several has a line for its body', () => {
    const shown = deadLetterView(
      { queue: letter.queue, depth: 9, messages: [letter, letter], more: true },
      { ...terminal, paint: PLAIN },
    );
    expect(shown).not.toContain('at here');
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(shown).toContain('2 of 9 messages: give --limit, or --message ID.');
  });

  test('that somebody else holds', () => {
    expect(deadLetterView({ queue: 'q', depth: 2, messages: [], more: true }, pipe)).toBe(
      "2 messages in q, all in somebody's hands.",
    );
  });
});
