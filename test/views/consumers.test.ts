import { expect, test } from 'vitest';
import type { ConsumerFact } from '../../src/lab/consumers/facts.ts';
import { consumersView } from '../../src/views/consumers.ts';
import { PLAIN } from '../../src/views/context.ts';

const context = { paint: PLAIN, width: 80, now: 0, terminal: true };
const shown = (...facts: ConsumerFact[]) => {
  const view = consumersView(['sales', 'mails']);
  return facts.map((fact) => view(fact, context)).at(-1);
};
const line = (consumer: string, text: string): ConsumerFact => ({ kind: 'line', consumer, stream: 'stderr', text });
const failed: ConsumerFact = {
  ...{ kind: 'failed', consumer: 'sales' },
  error: { type: 'Error', message: "Cannot find module 'x'\nRequire stack" },
};

test('why a consumer cannot begin is told once', () => {
  expect(shown(failed)).toBe("sales | Error: Cannot find module 'x'\\u000aRequire stack");
  const printed = (consumer: string) => [
    line(consumer, "Error: Cannot find module 'x'"),
    line(consumer, '    at load'),
  ];
  expect(shown(...printed('sales'), failed)).toBe('sales | it cannot begin, for the reason above');
  expect(shown(...printed('mails'), failed)).toContain('Cannot find module');
});
