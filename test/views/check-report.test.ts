import { expect, test } from 'vitest';
import type { CounterexampleView, VerdictView } from '../../src/lab/check/document.ts';
import { checkAnnotations, checkCases } from '../../src/views/check-report.ts';

const failure = (id: string, flaky: boolean) =>
  ({
    ...{ id, experiment: 'duplicate', queue: 'jobs', kind: '', swallowed: false, flaky, differences: [] },
    ...{ violations: [], lost: [], like: [], command: 'again' },
  }) satisfies CounterexampleView;
const verdict = { tallies: [], failures: [failure('sure', false), failure('racy', true)], not_tried: [] };

test('a flaky counterexample is a failure, unless they are allowed', () => {
  const outcome = (allow: boolean) =>
    checkCases(verdict as unknown as VerdictView, allow).map(({ name, failure: why, skipped }) => [
      name,
      why !== undefined,
      skipped !== undefined,
    ]);
  expect(outcome(false)).toEqual([
    ['sure', true, false],
    ['racy', true, false],
  ]);
  expect(outcome(true)).toEqual([
    ['sure', true, false],
    ['racy', false, true],
  ]);
  const annotated = (allow: boolean) =>
    checkAnnotations(verdict as unknown as VerdictView, allow).match(/duplicate|sure|racy/g);
  expect(annotated(false)).toEqual(['sure', 'racy']);
  expect(annotated(true)).toEqual(['sure']);
});
