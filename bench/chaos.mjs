import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const TARGET_PER_SECOND = 50;

/** Explored storms of 20 orders each a second. */
async function explored(storms) {
  const program = await new Program().open();
  try {
    const { stdout } = await program.run(`chaos explore --seeds ${storms} --json`);
    const { seeds, calls, duration_ms } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    const rate = (seeds * 1000) / duration_ms;
    return {
      what: `\`chaos explore --seeds ${seeds}\`, 20 orders a storm, ${Math.round(calls / seeds)} calls each`,
      value: `${rate.toFixed(1)} storms/s`,
      target: `${TARGET_PER_SECOND} storms/s`,
      reached: rate >= TARGET_PER_SECOND,
    };
  } finally {
    await program.close();
  }
}

/** The same orders drained by our handlers and by naive ones; one at a time and without faults, even those pass. */
async function costOfSafety(orders) {
  return withBundle('shop.ts', async ({ openShop }) => {
    const drained = async (handlers) => {
      const shop = await openShop();
      await shop.place(orders);
      const { ms } = await shop.drain(handlers);
      shop.close();
      return ms;
    };
    const samples = await inTurn(3, { right: () => drained('right'), naive: () => drained('naive') });
    const [right, naive] = [median(samples.right), median(samples.naive)];
    return {
      what: `safety: ${orders} orders drained, against handlers without markers, conditions and transactions`,
      value: `${(right / naive).toFixed(2)} × as long`,
    };
  });
}

export async function chaos({ size }) {
  return [await explored(Math.max(40, 0.3 * size)), await costOfSafety(size / 2)];
}
