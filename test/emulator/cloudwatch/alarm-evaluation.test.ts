import { describe, expect, test } from 'vitest';
import type { TreatMissingData } from '../../../src/emulator/cloudwatch/alarms/alarm.ts';
import { evaluate, hasTooFewSamples } from '../../../src/emulator/cloudwatch/alarms/evaluate.ts';

// CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": 0 is within the threshold, X breaches
// it, - is missing; the newest datapoint stands last.

const TREATMENTS: TreatMissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const RETAIN = undefined;

function stateOf(points: string, datapointsToAlarm: number, treatMissingData: TreatMissingData) {
  const range = points.split(' ').map((point, index) => ({
    at: index * 60,
    value: point === '-' ? undefined : point === 'X' ? 10 : 0,
    sampleCount: point === '-' ? 0 : 1,
  }));
  const { state } = evaluate(range, {
    evaluationPeriods: 3,
    datapointsToAlarm,
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
    treatMissingData,
  });
  return state;
}

describe.each([
  [3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  [3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  [3, '- - - - -', ['INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK']],
  [3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, '- - X - -', ['ALARM', RETAIN, 'ALARM', 'OK']],
  [2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', RETAIN, 'ALARM', 'OK']],
  // "the alarm does not go immediately into ALARM state when the data is either - - - - X or - - - X -"
  [3, '- - - - X', ['INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK']],
  [3, '- - - X -', ['INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK']],
  [3, '- - - X 0', ['OK', 'OK', 'OK', 'OK']],
  [3, 'X X X X X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, 'X X X X 0', ['OK', 'OK', 'OK', 'OK']],
  [1, '- - - - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
] as const)('%i of 3 datapoints, %s', (toAlarm, points, expected) => {
  test.each(TREATMENTS.map((treatment, index) => [treatment, expected[index]]))('%s: %s', (treatment, state) => {
    expect(stateOf(points, toAlarm, treatment as TreatMissingData)).toBe(state);
  });
});

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
] as const)('%s', (comparisonOperator, breaching) => {
  const states = [4, 5, 6].map((value) => {
    const criteria = { evaluationPeriods: 1, datapointsToAlarm: undefined, threshold: 5, comparisonOperator };
    return evaluate([{ at: 0, value, sampleCount: 1 }], { ...criteria, treatMissingData: undefined }).state === 'ALARM';
  });
  expect(states).toEqual(breaching);
});

test.each([
  [99, 999, true],
  [99, 1000, false],
  [50, 19, true],
  [50, 20, false],
  [10, 99, true],
  [10, 100, false],
])('p%i of %i samples is insignificant: %s', (percent, sampleCount, insignificant) => {
  expect(hasTooFewSamples([{ at: 0, value: 1, sampleCount }], percent)).toBe(insignificant);
});
