import { withBundle } from './bundle.mjs';
import { inTurn, median } from './samples.mjs';

const ROUNDS = 100;
const FEW = 11;

/** What `cliffracer/testing` costs a test: a fresh world, going back, settled(), and the experiments of check(). */
export async function testing() {
  return withBundle('testing-lab.ts', async ({ openTestingBench }) => {
    const bench = await openTestingBench();
    const { fresh, snapshot, restore, settled } = bench;
    const quick = await inTurn(ROUNDS, { fresh, snapshot, restore, settled });
    const slow = await inTurn(FEW, { experiments: bench.experiments, ratio: bench.ratio, plain: bench.plain });
    await bench.close();
    const ms = (name) => median(quick[name]);
    const row = (what, name, most) => {
      return { what, value: `${ms(name).toFixed(2)} ms`, target: `under ${most} ms`, reached: ms(name) < most };
    };
    const ratio = median(slow.ratio);
    return [
      row('a fresh world: `startLab()`', 'fresh', 5),
      row('`snapshot()` of a small world', 'snapshot', 1),
      row('`restore()` of a small world', 'restore', 1),
      { what: '`settled()` with one message for a Lambda handler', value: `${ms('settled').toFixed(2)} ms` },
      {
        what: '`check()` of a Lambda handler, 2 messages, one write each',
        value: `${median(slow.experiments).toFixed(0)} experiments/s`,
      },
      {
        what: 'an undisturbed run, of the time of the same messages without `check()`',
        value: `${median(slow.plain).toFixed(2)} ×`,
      },
      {
        what: 'an experiment, of the time of an undisturbed run with as many deliveries',
        value: `${ratio.toFixed(2)} ×`,
        target: 'at most 1.3 ×',
        reached: ratio <= 1.3,
      },
    ];
  });
}
