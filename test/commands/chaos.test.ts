import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULT_KINDS } from '../../src/shop/storms/faults.ts';
import { FLAW_NAMES } from '../../src/shop/storms/flawed/flaws.ts';
import { Session } from '../support/session.ts';

/** Nothing listens anywhere: storms bring their own engine. */
let session: Session;
beforeAll(() => {
  session = new Session();
});
afterAll(() => session.close());

describe('chaos', () => {
  test('says what was injected, what the audit found, and how to repeat it', async () => {
    const { code, stdout, stderr } = await session.run('chaos --seed 7 --orders 4 --workers 2');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A storm over 4 orders, 2 workers, seed 7 /);
    expect(stdout).toMatch(/^poison +a message that is no event +\d/m);
    expect(stdout).toMatch(/^All 13 invariants hold for \d+ orders?\.$/m);
    expect(stdout).toContain('Nothing was lost, doubled, oversold or shipped unpaid.');
    expect(stdout).toMatch(/faults?; again: cliffracer chaos --seed 7 --orders 4 --workers 2$/m);
    expect((await session.run('chaos --seed 7 --orders 4 --workers 2')).stdout).toBe(stdout);
  });

  test('draws a seed and tells it, as one JSON document', async () => {
    const document = (await session.run('chaos --orders 2 --faults crash,duplicate --json')).json();
    expect(document).toMatchObject({ kind: 'storm', ok: true, handlers: 'right', audit: { ok: true }, findings: [] });
    expect(document.settings).toMatchObject({ orders: 2, workers: 3, kinds: ['duplicate', 'crash'] });
    expect(document.command).toBe(
      `cliffracer chaos --seed ${document.settings.seed} --orders 2 --workers 3 --faults duplicate,crash`,
    );
  });

  test('traces each call and each fault', async () => {
    const line = 'chaos --seed 3 --orders 1 --workers 1 --faults none --trace';
    const { stdout } = await session.run(line);
    const lines = stdout.split('\n').filter((text) => /^ *[\d.]+ m?s /.test(text));
    expect(lines[0]).toMatch(/customer 1 +tables\.write orders order 1$/);
    expect(lines[1]).toMatch(/customer 1 +topic\.publish order_created of order 1$/);
    expect(lines.some((text) => /worker 1 inventory +queues\.receive inventory-queue {2}1$/.test(text))).toBe(true);
    const facts = (await session.run(`${line} --json`)).lines();
    expect(facts[0]).toMatchObject({
      kind: 'call',
      actor: 'customer 1',
      call: 'tables.write',
      subject: 'orders order 1',
    });
    expect(facts.at(-1)).toMatchObject({ kind: 'storm', ok: true, faults: [] });
  });

  test('takes single faults out of a storm by their numbers', async () => {
    const whole = (await session.run('chaos --seed 5 --orders 3 --json')).json();
    const first = whole.faults[0];
    const part = (await session.run('chaos --seed 5 --orders 3 --only-faults 1 --json')).json();
    expect(part.faults).toEqual([expect.objectContaining({ number: 1, kind: first.kind, key: first.key })]);
    expect(part.command).toMatch(/--only-faults 1$/);
  });

  test('over flawed handlers ends with exit code 1, every flaw named', async () => {
    const { code, stdout } = await session.run('chaos --handlers flawed --seed 1');
    expect(code).toBe(1);
    for (const flaw of FLAW_NAMES) expect(stdout).toMatch(new RegExp(`^${flaw}: `, 'm'));
    expect(stdout).toContain('The storm failed. 6 flaws named.');
    expect(stdout).not.toMatch(/[ \t]$/m);
    // Its engine is gone: nothing is there to drain or repair.
    expect(stdout).not.toMatch(/cliffracer (drain|audit|inspect|order)/);
    expect(stdout).toMatch(/again: cliffracer chaos --seed 1 --orders 20 --workers 3 --handlers flawed$/m);
  });

  test.each([
    ['--faults rain', `"rain" is no fault; there are all, none, and ${FAULT_KINDS.join(', ')}.`],
    ['--faults crash,', '"" is no fault'],
    ['--orders 0', 'It must be a whole number from 1'],
    ['--workers 17', 'It must be a whole number from 1 to 16.'],
    ['--workers 0', 'It must be a whole number from 1 to 16.'],
    ['--seed -1', 'It must be a whole number from 0'],
    ['--only-faults 3,x', 'It must be numbers of faults, as 3,7,9.'],
    ['--handlers naive', 'It must be right, flawed, or flawed: and some of lost_errors'],
    ['--handlers flawed:', 'It must be right, flawed'],
    ['--handlers flawed:lost_errors,luck', 'It must be right, flawed'],
  ])('refuses %s', async (flags, message) => {
    const { code, stderr } = await session.run(`chaos ${flags}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    const { error } = (await session.run(`chaos ${flags} --json`)).json();
    expect(error.code).toBe('usage');
  });
});

test.each(['chaos', 'chaos explore', 'demo'])(
  '%s has an engine of its own, and refuses a target of AWS',
  async (line) => {
    const { code, stderr } = await session.run(`${line} --target aws`);
    expect(code).toBe(5);
    expect(stderr).toContain('this command is about an engine on this machine, and the target is AWS');
  },
);

describe('chaos explore', () => {
  test('sums up what was tried', async () => {
    const { code, stdout } = await session.run('chaos explore --seeds 3 --from 40 --orders 3 --threads 1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^3 storms from seed 40: 9 orders, \d+ calls /);
    expect(stdout).toContain('Nothing was lost, doubled, oversold or shipped unpaid in any of them.');
  });

  test('shrinks a storm that fails, and prints the command that repeats it', async () => {
    const line = 'chaos explore --seeds 5 --orders 4 --threads 1 --handlers flawed:ships_unpaid';
    const { code, stdout } = await session.run(line);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^seed 1 failed: .*shipped_is_paid/);
    expect(stdout).toMatch(/^the smallest that fails in the same way, of \d+ storms: \d orders?, 1 worker, 0 faults$/m);
    const command = /cliffracer (chaos --seed 1 .* --trace)$/m.exec(stdout)?.[1];
    expect(command).toContain('--faults none --handlers flawed:ships_unpaid');
    const replayed = await session.run(command!);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(/^ships_unpaid: /m);
    expect(stdout).toContain('1 storm failed.');
  });

  test('goes on when told, one JSON object a line', async () => {
    const line = 'chaos explore --seeds 2 --orders 2 --threads 1 --handlers flawed:ships_unpaid --keep-going --json';
    const { code, lines } = await session.run(line);
    expect(code).toBe(1);
    const kinds = lines().map(({ kind }) => kind);
    expect(kinds).toEqual(['failed', 'failed', 'explored']);
    expect(lines().at(-1)).toMatchObject({ ended: 'done', seeds: 2, failed: 2 });
    expect(lines()[0]).toMatchObject({ seed: 1, failures: expect.arrayContaining(['flaw ships_unpaid']) });
  });

  test('sums up what was tried until it is interrupted', async () => {
    const interrupt = new AbortController();
    const line =
      'chaos explore --seeds 100000 --orders 2 --threads 1 --handlers flawed:ships_unpaid --keep-going --json';
    const watch = () => interrupt.abort();
    const { code, lines } = await session.run(line, { signal: interrupt.signal, terminal: 100, watch });
    expect(code).toBe(130);
    const [failure, ...rest] = lines();
    expect(failure).toMatchObject({ kind: 'failed', seed: 1 });
    expect(rest).toMatchObject([{ kind: 'explored', ended: 'interrupted', seeds: 1, failed: 1, orders: 2 }]);
  });

  test.each(['--seeds 0', '--seeds many', '--from -1', '--threads 0', '--faults rain', '--handlers naive'])(
    'refuses %s',
    async (flags) => {
      expect((await session.run(`chaos explore ${flags}`)).code).toBe(2);
    },
  );
});
