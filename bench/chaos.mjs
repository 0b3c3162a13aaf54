import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const TARGET_PER_SECOND = 50;
const CALM = 'chaos explore --from 1 --orders 20 --workers 1 --faults none --json --seeds';

/** Explored storms of 20 orders each a second, start of the program included; and what being careful costs. */
export async function chaos({ size }) {
  const program = await new Program().open();
  try {
    const storms = Math.max(20, size / 5);
    const { stdout } = await program.run(`chaos explore --seeds ${storms} --json`);
    const { seeds, calls, duration_ms } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    const rate = (seeds * 1000) / duration_ms;
    const samples = await inTurn(3, {
      right: async () => (await program.run(`${CALM} ${storms}`)).ms,
      // Without markers and conditions; in a calm, and one at a time, even these do no harm.
      naive: async () => (await program.run(`${CALM} ${storms} --handlers flawed:no_deduplication,read_then_write`)).ms,
    });
    return [
      {
        what: `\`chaos explore\`, 20 orders a storm, ${Math.round(calls / seeds)} calls each`,
        value: `${rate.toFixed(1)} storms/s`,
        target: `${TARGET_PER_SECOND} storms/s`,
        reached: rate >= TARGET_PER_SECOND,
      },
      {
        what: 'safety: time of calm orders with our handlers against naive ones',
        value: `${(median(samples.right) / median(samples.naive)).toFixed(2)} ×`,
      },
    ];
  } finally {
    await program.close();
  }
}
