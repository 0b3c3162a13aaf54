import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { withBundle } from './bundle.mjs';
import { Program } from './program.mjs';
import { median } from './samples.mjs';

const TARGETS = { orderMs: 15, idleMiB: 80, growth: 1.25 };

/** One order at a time, after a warm-up: from placing it to the last of its messages handled. */
async function oneOrder(openShop, orders) {
  const shop = await openShop();
  const samples = [];
  for (let index = -orders; index < orders; index++) {
    const ms = await shop.oneOrder();
    if (index >= 0) samples.push(ms);
  }
  shop.close();
  const ms = median(samples);
  const target = `under ${TARGETS.orderMs} ms`;
  return {
    what: 'one order through all services, in-process',
    value: `${ms.toFixed(1)} ms`,
    target,
    reached: ms < TARGETS.orderMs,
  };
}

/** Places and drains `size` orders, then four times as many, and compares the two drains. */
async function drained(open, size, where) {
  const times = [];
  for (const count of [size, 4 * size]) {
    const shop = await open();
    await shop.place(count);
    times.push((await shop.drain()).ms);
    shop.close();
  }
  const [small, large] = times;
  const growth = large / small / 4;
  const rate = (count, ms) => `${Math.round((count / ms) * 1000)} orders/s`;
  return [
    { what: `${size} orders drained, ${where}`, value: `${(small / 1000).toFixed(2)} s, ${rate(size, small)}` },
    {
      what: `${4 * size} orders drained, ${where}`,
      value: `${(large / 1000).toFixed(2)} s, ${rate(4 * size, large)}: ${(large / small).toFixed(2)} times as long`,
      target: `4 times, at most ${(4 * TARGETS.growth).toFixed(0)}`,
      reached: growth <= TARGETS.growth,
    },
  ];
}

/** Resident memory of a process in MiB. */
function memoryOf(pid) {
  if (process.platform === 'linux') {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(kib) / 1024;
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** One engine process that is given ten times `size` orders; the first half of them is timed. */
async function overHttp(openShop, size) {
  const program = await new Program().open();
  try {
    const { pid } = JSON.parse((await program.run('up --json')).stdout);
    const idle = memoryOf(pid);
    const times = await drained(() => openShop(program.endpoint), size, 'over HTTP');
    const shop = await openShop(program.endpoint);
    for (let batch = 0; batch < 5; batch++) {
      await shop.place(size);
      await shop.drain();
    }
    shop.close();
    return [
      ...times,
      {
        what: "engine's memory, idle with a stack",
        value: `${idle.toFixed(0)} MiB`,
        target: `under ${TARGETS.idleMiB} MiB`,
        reached: idle < TARGETS.idleMiB,
      },
      { what: `engine's memory after ${10 * size} orders`, value: `${memoryOf(pid).toFixed(0)} MiB` },
    ];
  } finally {
    await program.close();
  }
}

export async function orders({ size }) {
  return withBundle('shop.ts', async ({ openShop }) => [
    await oneOrder(openShop, Math.min(200, size)),
    ...(await drained(() => openShop(), size, 'in-process')),
    ...(await overHttp(openShop, size)),
  ]);
}
