import { join } from 'node:path';
import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const RUNTIME = join(import.meta.dirname, '../dist/lambda-runtime.mjs');
const ROUNDS = 5;
const TARGET = 80;

/** `size` messages received, handled by nobody and deleted: a bare loop over the SDK, and a mapping with a Lambda handler. */
export async function mapping({ size }) {
  return withBundle('mapping-consumer.ts', async ({ openMapping }) => {
    const program = await new Program().open();
    try {
      await program.run('up', '--no-provision');
      const consumer = await openMapping(program.endpoint, RUNTIME);
      const measured = (way) => async () => {
        await consumer.fill(size);
        return (size * 1000) / (await consumer[way](size));
      };
      const samples = await inTurn(ROUNDS, { loop: measured('loop'), mapping: measured('mapping') });
      consumer.close();
      const [bare, mapped] = [median(samples.loop), median(samples.mapping)];
      const share = (100 * mapped) / bare;
      return [
        { what: `${size} messages by a bare loop over the SDK`, value: `${Math.round(bare)}/s` },
        {
          what: `${size} messages by a mapping to a Node.js handler that does nothing`,
          value: `${Math.round(mapped)}/s, ${share.toFixed(0)} % of the bare loop`,
          target: `${TARGET} %`,
          reached: share >= TARGET,
        },
      ];
    } finally {
      await program.close();
    }
  });
}
