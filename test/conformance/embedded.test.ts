import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisionStack } from '../../src/commands/provision.ts';
import type { Behaviour, Trial } from '../../src/conformance/behaviour.ts';
import { BEHAVIOURS, tryAll } from '../../src/conformance/suite.ts';
import { connectTo } from '../../src/connection.ts';
import { destroy } from '../../src/topology/destroy.ts';
import { collect, inProcess, type RunningEngine } from '../support/engines.ts';

/** The embedded engine must behave as AWS in all of it; its clock is turned instead of waiting. */
describe('the embedded engine', () => {
  let engine: RunningEngine;
  let trials = 0;

  beforeAll(async () => {
    engine = await inProcess.start();
  });
  afterAll(() => engine.stop());

  const trial = async ({ id }: Behaviour): Promise<Trial> => {
    const unique = String(++trials).padStart(6, '0');
    const clock = {
      now: () => engine.now(),
      sleep: async (ms: number) => {
        const { engine: inside } = engine.emulator!;
        inside.advanceTo(inside.clock.now() + ms);
        await new Promise<void>((resolve) => setImmediate(resolve));
      },
    };
    const options = { requestHandler: engine.requestHandler, clock };
    const { clients } = await connectTo(engine.target as never, undefined, options);
    return {
      ...{ clients, clock, name: `conf-${id}-${unique}`, requestHandler: engine.requestHandler },
      // Orders of one call count up from here.
      uuid: () => `${(++trials * 0x1_0000).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
      async shop(use) {
        const stack = await connectTo(engine.target as never, `c${unique}`, options);
        const { admin, desired } = await stack.administration();
        await collect(provisionStack(stack));
        try {
          return await use({ names: stack.names, ports: stack.ports, admin, desired });
        } finally {
          await collect(destroy(admin, desired));
        }
      },
    };
  };

  test.each(BEHAVIOURS.map((behaviour) => [behaviour.id, behaviour] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, one) => {
      const made = await trial(one);
      const [finding] = await collect(tryAll([one], () => made, new AbortController().signal));
      expect(finding).toMatchObject({ verdict: 'as_aws', detail: '' });
    },
  );
});

describe('the list', () => {
  test('has each behaviour once, and says what AWS does and where that stands', () => {
    expect(new Set(BEHAVIOURS.map(({ id }) => id)).size).toBe(BEHAVIOURS.length);
    for (const { id, does, source } of BEHAVIOURS) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(does).toMatch(/^\S.{15,}[^.]$/);
      expect(source).not.toBe('');
    }
  });

  test('what a trial throws is a finding, with one line of reason', async () => {
    const unknown = Object.assign(new Error('no\nsuch thing'), { name: 'Error' });
    const one = { ...BEHAVIOURS[0]!, run: () => Promise.reject(unknown) };
    const clock = { now: () => 0, sleep: async () => {} };
    const [finding] = await collect(tryAll([one], () => ({ clock }) as unknown as Trial, new AbortController().signal));
    expect(finding).toMatchObject({ verdict: 'differs', detail: 'no' });
  });
});
