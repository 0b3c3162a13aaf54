import type { EndDifference } from '../lab/check/compare.ts';
import type { CounterexampleView, VerdictView } from '../lab/check/document.ts';
import { disturbanceText, FLAKY, remedyText, stuckText } from '../lab/check/words.ts';
import { annotation, cell } from './github.ts';
import type { TestCase } from './junit.ts';

/** One case for each experiment that was run, and one for each counterexample; where flaky ones are allowed, they are skipped. */
export function checkCases({ tallies, failures, not_tried: notTried }: VerdictView, allowFlaky = false): TestCase[] {
  const clean = tallies
    .filter(({ failed }) => failed === 0)
    .map(({ experiment, runs }) => `${experiment}: ${runs} runs`);
  return [
    ...clean.map((name): TestCase => ({ name })),
    ...failures.map((failure): TestCase => {
      const text = failureText(failure);
      return { name: failure.id, ...(failure.flaky && allowFlaky ? { skipped: text } : { failure: text }) };
    }),
    ...notTried.map(({ id, reason }): TestCase => ({ name: id, skipped: reason })),
  ];
}

function failureText(failure: CounterexampleView): string {
  const { stuck, violations, differences, lost, command } = failure;
  return [
    disturbanceText(failure),
    ...(failure.flaky ? [FLAKY] : []),
    ...(stuck === undefined ? [] : [stuckText(stuck)]),
    ...violations.map(({ invariant, why }) => `${invariant} does not hold: ${why}`),
    ...lost.map(({ place, detail }) => `${place}: ${detail}`),
    ...differences.slice(0, 3).map(differenceText),
    `again: ${command}`,
  ].join('; ');
}

const differenceText = ({ place, key, path, before, after }: EndDifference) =>
  `${[place, key, path].filter(Boolean).join(' ')}: ${before ?? 'nothing'} -> ${after ?? 'nothing'}`;

/** GitHub Actions' workflow commands: one annotation for each counterexample. */
export const checkAnnotations = ({ failures }: VerdictView, allowFlaky = false): string =>
  failures
    .filter(({ flaky }) => !(flaky && allowFlaky))
    .map((failure) => annotation('check', failure.id, failureText(failure)))
    .join('');

/** Markdown for the job's summary page. */
export function checkSummary({ tallies, failures }: VerdictView): string {
  const rows = tallies.map(
    ({ experiment, runs, held, failed, not_tried: left }) =>
      `| ${experiment} | ${runs} | ${held} | ${failed} | ${left} |`,
  );
  const found = failures.map(
    (failure) =>
      `- **${cell(disturbanceText(failure))}**: ${cell(failure.differences.slice(0, 3).map(differenceText).join('; '))}. ${cell(remedyText(failure))}.`,
  );
  return [
    `### cliffracer check: ${failures.length === 0 ? 'all held' : `${failures.length} counterexamples`}`,
    '',
    '| experiment | runs | held | failed | not tried |',
    '|---|--:|--:|--:|--:|',
    ...rows,
    '',
    ...found,
    '',
  ].join('\n');
}
