import { expect, it } from 'vitest';
import { KeyLanes } from '../../../src/shop/runtime/key-lanes.ts';

/** Tasks that end when they are told to. */
function tasks(lanes: KeyLanes) {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, ...keys: string[]) =>
    lanes.run(keys, () => {
      running.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string) => {
    running.splice(running.indexOf(name), 1);
    ends.get(name)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { running, start, end };
}

it('runs at the same time what shares no key, and the rest in the order in which it came', async () => {
  const { running, start, end } = tasks(new KeyLanes());
  void start('1', 'a', 'b');
  void start('2', 'c');
  void start('3', 'b', 'c');
  void start('4', 'a');
  void start('5', 'c');
  void start('6');
  expect(running).toEqual(['1', '2', '6']);
  await end('1');
  expect(running).toEqual(['2', '6', '4']);
  await end('2');
  expect(running).toEqual(['6', '4', '3']);
  await end('3');
  expect(running).toEqual(['6', '4', '5']);
});

it('goes on after a task that fails, whose error only its own caller hears', async () => {
  const lanes = new KeyLanes();
  const failing = lanes.run(['a'], () => Promise.reject(new Error('no')));
  const next = lanes.run(['a'], async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
