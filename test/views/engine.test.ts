import { expect, test } from 'vitest';
import { PLAIN } from '../../src/views/context.ts';
import { stoppedView } from '../../src/views/engine.ts';

const context = { paint: PLAIN, width: 80, now: 0, terminal: true };

test('where there is nothing to stop, engines that were started elsewhere are named', () => {
  expect(stoppedView([])({ engines: [] }, context)).toBe('Nothing to stop: no engine was started by `cliffracer up`.');
  expect(stoppedView(['http://127.0.0.1:4566'])({ engines: [] }, context)).toBe(
    'Nothing to stop there; `cliffracer up` has started http://127.0.0.1:4566.',
  );
});
