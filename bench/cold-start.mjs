import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const TARGETS = {
  '--version': 1.5,
  '--help': 1.3,
  'drain --help': 1.3,
  health: 2.5,
  'queue list': 2.2,
  calls: 2.2,
  'inspect orders': 2.2,
};

/** Whole runs of short commands against `node -e 0`. */
export async function coldStart({ rounds }) {
  const program = await new Program().open();
  try {
    await program.run('up');
    await program.run('order create --customer ada --item keyboard:1 --count 5');
    const lines = Object.fromEntries(
      Object.keys(TARGETS).map((line) => [line, async () => (await program.run(line)).ms]),
    );
    const samples = await inTurn(rounds, { bare: async () => (await program.node(['-e', '0'])).ms, ...lines });
    const bare = median(samples.bare);
    return [
      { what: '`node -e 0`', value: `${bare.toFixed(0)} ms` },
      ...Object.entries(TARGETS).map(([line, target]) => {
        const ratio = median(samples[line]) / bare;
        return {
          what: `\`cliffracer ${line}\``,
          value: `${median(samples[line]).toFixed(0)} ms, ${ratio.toFixed(2)} × bare Node.js`,
          target: `at most ${target} ×`,
          reached: ratio <= target,
        };
      }),
    ];
  } finally {
    await program.close();
  }
}
