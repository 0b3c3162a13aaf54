import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';

const PROCESSES = [1, 2, 4];
const MESSAGES_PER_ORDER = 11;
/** Until so much of the work is done, some processes are still starting. */
const WARM = 0.2;

/** `size` orders handled by 1, 2 and 4 processes of `cliffracer run` on one engine; the first fifth is not timed. */
export async function workers({ size }) {
  return withBundle('shop.ts', async ({ openShop }) => {
    const rates = [];
    for (const count of PROCESSES) {
      const program = await new Program().open();
      try {
        await program.run('up');
        const shop = await openShop(program.endpoint);
        await shop.place(size);
        shop.close();
        rates.push(await handled(program, count, size));
      } finally {
        await program.close();
      }
    }
    return rates.map((rate, index) => ({
      what: `orders handled by ${PROCESSES[index]} \`cliffracer run\` over HTTP`,
      value: `${Math.round(rate)} orders/s${index === 0 ? '' : `, ${(rate / rates[0]).toFixed(2)} × one process`}`,
    }));
  });
}

/** Orders a second. */
function handled(program, count, size) {
  const all = size * MESSAGES_PER_ORDER;
  return new Promise((resolve, reject) => {
    let lines = 0;
    let warm;
    const onText = (text) => {
      for (const character of text) if (character === '\n') lines++;
      if (lines < all * WARM) return;
      warm ??= { at: performance.now(), lines };
      if (lines < all) return;
      const orders = (lines - warm.lines) / MESSAGES_PER_ORDER;
      const rate = (orders * 1000) / (performance.now() - warm.at);
      Promise.all(running.map((each) => each.stop())).then(() => resolve(rate), reject);
    };
    const running = Array.from({ length: count }, () => program.start('run', onText));
    for (const { ended } of running) ended.catch(reject);
  });
}
