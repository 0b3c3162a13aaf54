import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { Dice } from './dice.ts';
import type { FuzzRequest } from './encode.ts';
import { START } from './hints.ts';
import { loadModels } from './models.ts';
import { damage } from './mutate.ts';
import { WORLD } from './resources.ts';
import { StructuredRequests } from './structured.ts';
import { complaint } from './verify.ts';

/** The long run is `npm run fuzz`; this is its beginning, in-process. */
test.each([1, 2])('sound, spoiled and damaged requests are answered as AWS could, seed %i', async (seed) => {
  const errors: unknown[] = [];
  const host = {
    now: () => START,
    after(_ms: number, run: () => void) {
      queueMicrotask(run);
      return () => {};
    },
  };
  const emulator = createEmulator({ host, seed, frozenAt: START, onError: (error) => errors.push(error) });
  const dice = new Dice(seed);
  const source = new StructuredRequests(dice, await loadModels());
  const succeeded = new Set<string>();
  for (let count = 0; count < 1_500; count++) {
    const request = count < WORLD.length * 2 ? source.next(0) : source.next();
    await check(dice.chance(0.2) ? damage(dice, request) : request);
  }
  expect(errors).toEqual([]);
  // A run that is refused at the door would prove nothing.
  expect(succeeded.size).toBeGreaterThan(60);

  async function check(request: FuzzRequest): Promise<void> {
    const { method, url, body, label } = request;
    const answer = await emulator.handle({ method, url, headers: { ...request.headers, host: '127.0.0.1' }, body });
    const response = { ...answer, body: Buffer.from(answer.body as string) };
    const found = complaint(response, method === 'HEAD');
    expect(found, `${label} ${url} ${body.toString('latin1', 0, 1000)}`).toBeUndefined();
    if (answer.status === 200) succeeded.add(label.split(' ', 2).join(' '));
    source.learn({ response });
  }
});
