import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';
import { median } from './samples.mjs';

const TARGET_MS_PER_ORDER = 0.3;
const ROUNDS = 5;

/** A first audit, which is not counted, warms caches. */
async function measured(audit) {
  await audit();
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) samples.push(await audit());
  return median(samples);
}

function row(what, orders, ms) {
  return { what, value: `${(ms / 1000).toFixed(2)} s, ${Math.round((orders / ms) * 1000)} orders/s` };
}

function rowWithTarget(what, orders, ms) {
  const target = orders * TARGET_MS_PER_ORDER;
  return { ...row(what, orders, ms), target: `under ${target / 1000} s`, reached: ms < target };
}

/** Ten times `size` orders at rest, audited on an engine in the same process, and on one over HTTP. */
export async function audit({ size }) {
  return withBundle('audit-shop.ts', async ({ openAuditedShop }) => {
    const orders = 10 * size;
    const here = await openAuditedShop();
    await here.fill(orders);
    const inProcess = await measured(() => here.audit());
    here.close();
    const program = await new Program().open();
    try {
      await program.run('up');
      const shop = await openAuditedShop(program.endpoint);
      await shop.fill(orders);
      const overHttp = await measured(() => shop.audit());
      const whole = await measured(async () => (await program.run('audit')).ms);
      shop.close();
      return [
        rowWithTarget(`audit of ${orders} orders, in-process`, orders, inProcess),
        rowWithTarget(`audit of ${orders} orders, over HTTP`, orders, overHttp),
        row(`\`cliffracer audit\` of ${orders} orders, whole command`, orders, whole),
      ];
    } finally {
      await program.close();
    }
  });
}
