import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';
import { median } from './samples.mjs';

const TARGET_MS_PER_ORDER = 0.3;
const ROUNDS = 5;

async function measured(shop, orders, where) {
  await shop.fill(orders);
  await shop.audit();
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) samples.push(await shop.audit());
  shop.close();
  const ms = median(samples);
  const target = orders * TARGET_MS_PER_ORDER;
  return {
    what: `audit of ${orders} orders, ${where}`,
    value: `${(ms / 1000).toFixed(2)} s, ${Math.round((orders / ms) * 1000)} orders/s`,
    target: `under ${target / 1000} s`,
    reached: ms < target,
  };
}

/** Ten times `size` orders at rest, audited on an engine in the same process, and on one over HTTP. */
export async function audit({ size }) {
  return withBundle('audit-shop.ts', async ({ openAuditedShop }) => {
    const rows = [await measured(await openAuditedShop(), 10 * size, 'in-process')];
    const program = await new Program().open();
    try {
      await program.run('up');
      rows.push(await measured(await openAuditedShop(program.endpoint), 10 * size, 'over HTTP'));
    } finally {
      await program.close();
    }
    return rows;
  });
}
