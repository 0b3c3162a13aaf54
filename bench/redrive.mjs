import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';

const WAYS = { move_task: "the engine's move task", receive_send_delete: 'message by message' };

/** Ten times `size` dead letters moved back over HTTP, in both ways. */
export async function redrive({ size }) {
  return withBundle('redrive-shop.ts', async ({ openRedriveShop }) => {
    const program = await new Program().open();
    try {
      await program.run('up');
      const shop = await openRedriveShop(program.endpoint);
      const rows = [];
      for (const [way, how] of Object.entries(WAYS)) {
        await shop.fill(10 * size);
        const ms = await shop.redrive(way);
        const rate = Math.round((10 * size * 1000) / ms);
        rows.push({
          what: `redrive of ${10 * size} messages, ${how}`,
          value: `${(ms / 1000).toFixed(2)} s, ${rate}/s`,
        });
      }
      shop.close();
      return rows;
    } finally {
      await program.close();
    }
  });
}
