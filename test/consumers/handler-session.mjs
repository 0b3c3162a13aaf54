// A Lambda handler behind an event source mapping, in `cliffracer dev`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkedIn, cliffracer, expect, output, polled, start } from './engine.mjs';
import { HANDLERS } from './programs.mjs';
import { makeQueues, send } from './world.mjs';

export async function handlerSession(folder, name) {
  const queue = `${name}-jobs`;
  const cwd = join(folder, name);
  const consumers = { [name]: { ...HANDLERS[name](cwd), queue } };
  writeFileSync(join(cwd, 'cliffracer.config.json'), JSON.stringify({ consumers }));
  await makeQueues(name);
  const dev = start(cwd, {}, 'dev');
  try {
    await polled(queue, dev);
    output('queue', 'hold', queue);
    for (const number of [1, 2]) await send(folder, name, `${name}-${number}`);
    const first = output('step', queue);
    expect(`${name}: the first step`, first.includes(`orders/${name}-1 state "new" -> "paid"`), first);
    // The order is put down once: a message that comes twice changes nothing more.
    const { deliveries } = JSON.parse(output('step', queue, '--twice', '--json'));
    const touched = deliveries.map(({ items }) =>
      items.some(({ table, key }) => table === 'orders' && key === `${name}-2`),
    );
    expect(`${name}: delivered twice`, touched[0] && !touched[1], deliveries);
    const trace = output('trace', `orders/${name}-1`);
    expect(`${name}: trace`, trace.includes(queue) && trace.includes('idempotency'), trace);
    dev.signal('SIGINT');
    const { code } = await dev.ended;
    expect(`${name}: Ctrl-C ends dev`, code === 0 || code === 130, { code, said: dev.said() });
    for (const number of [3, 4]) await send(folder, name, `${name}-${number}`);
    const { code: verdict, tallies, ...found } = checkedIn({ cwd }, '--only', 'duplicate');
    const [{ runs, held, not_tried }] = tallies;
    const isRight = verdict === 0 && runs > 0 && held === runs && not_tried === 0 && found.masked.length === 0;
    expect(`${name}: check`, isRight, { verdict, tallies, ...found });
    // Killed between the marker and the payment: the marker ends with the function's time, and the order is paid.
    const death = checkedIn({ cwd }, '--case', 'crash-after:0.0');
    const hasHeld = death.code === 0 && death.tallies[0].held === 1;
    expect(`${name}: check of a death`, hasHeld, death);
  } finally {
    dev.signal('SIGKILL');
    cliffracer('queue', 'release', '--all');
  }
}
