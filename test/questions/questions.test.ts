import { describe, expect, test } from 'vitest';
import { WentBack } from '../../src/cli/prompt.ts';
import { inSteps } from '../../src/questions/steps.ts';
import { matching } from '../../src/questions/which.ts';
import { type Situation, suggestionsFor } from '../../src/views/menu.ts';

describe('matching', () => {
  const choices = ['audit', 'inspect orders', 'order list', 'inspect receipts'].map((name) => ({ name }));
  test.each([
    ['', ['audit', 'inspect orders', 'order list', 'inspect receipts']],
    ['order', ['order list', 'inspect orders']],
    ['inspect r', ['inspect receipts', 'inspect orders']],
    ['LIST ord', ['order list']],
    ['nothing', []],
  ])('%s', (term, names) => {
    expect(matching(choices, term).map(({ name }) => name)).toEqual(names);
  });
});

describe('inSteps', () => {
  /** Asks in turn, going back where `answers` says so; returns what was asked. */
  async function asked(answers: readonly ('next' | 'nothing' | 'back')[][]): Promise<string> {
    const told: number[] = [];
    const left = answers.map((each) => [...each]);
    const steps = answers.map((_, index) => async () => {
      const answer = left[index]!.shift();
      if (answer === 'nothing') return false;
      told.push(index);
      if (answer === 'back') throw new WentBack();
      return true;
    });
    await inSteps(steps);
    return told.join('');
  }

  test('goes on, and back over what had nothing to ask', async () => {
    expect(await asked([['next'], ['next']])).toBe('01');
    expect(
      await asked([
        ['next', 'next'],
        ['nothing', 'nothing'],
        ['back', 'next'],
      ]),
    ).toBe('0202');
  });

  test('at the first question it rejects', async () => {
    await expect(asked([['nothing'], ['back']])).rejects.toBeInstanceOf(WentBack);
  });
});

describe('suggestions', () => {
  const ready: Situation = {
    ...{ state: 'ready', place: 'embedded', stack: 'default', waiting: 0, in_flight: 0 },
    ...{ dead_lettered: [], has_orders: false },
  };
  test.each<[string, Situation, string[]]>([
    ['no engine', { state: 'no_engine', place: 'x', detail: 'nothing listens there' }, ['up', 'demo', 'doctor']],
    ['no stack', { state: 'no_stack', place: 'x', stack: 'default' }, ['provision', 'demo']],
    ['an empty shop', ready, ['order create']],
    [
      'messages wait',
      { ...ready, waiting: 2, has_orders: true },
      ['drain --step', 'drain', 'order create', 'trace @last', 'order list', 'audit'],
    ],
    [
      'a dead letter',
      { ...ready, dead_lettered: [{ service: 'payment', messages: 1 }] },
      ['dlq show payment', 'order create'],
    ],
    [
      'dead letters in two queues',
      {
        ...ready,
        dead_lettered: [
          { service: 'payment', messages: 1 },
          { service: 'order', messages: 2 },
        ],
      },
      ['dlq list', 'order create'],
    ],
    ['messages in flight', { ...ready, in_flight: 1 }, ['inspect queues', 'order create']],
  ])('%s', (_name, situation, lines) => {
    expect(suggestionsFor(situation).map(({ line }) => line)).toEqual(lines);
  });
});
