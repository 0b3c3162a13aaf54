// A program that polls, from its first message to Ctrl-C.
import { join } from 'node:path';
import { checkedIn, cliffracer, depths, expect, holdCall, move, output, polled, start, until } from './engine.mjs';
import { PROGRAMS } from './programs.mjs';
import { makeQueues, orderOf, send } from './world.mjs';

const GRACE_MS = 20_000;

export async function programSession(folder, name) {
  const queue = `${name}-jobs`;
  const cwd = join(folder, name);
  const command = PROGRAMS[name].command(cwd);
  const run = () => start(cwd, { QUEUE: queue }, 'exec', '--as', name, '--', ...command);
  await makeQueues(name);
  let program = run();
  try {
    await polled(queue, program);
    await stepped(folder, name, queue);
    traced(name, queue);
    await debugged(folder, name, queue);
    await tried(folder, name, queue);
    program = await killed(folder, name, queue, program, run);
    await interrupted(name, queue, program);
    await checked(folder, name, queue, cwd, command);
  } finally {
    program.signal('SIGKILL');
    cliffracer('queue', 'release', '--all');
    cliffracer('fault', 'clear');
  }
}

/** exec, queue hold, step, step --twice. */
async function stepped(folder, name, queue) {
  output('queue', 'hold', queue);
  for (const number of [1, 2]) await send(folder, name, `${name}-${number}`);
  const { deliveries } = JSON.parse(output('step', queue, '--json'));
  const [{ caller, outcome, items }] = deliveries;
  const changes = items.find(({ table }) => table === 'orders')?.changes ?? [];
  const state = changes.find(({ attribute }) => attribute === 'state');
  expect(`${name}: the first step`, caller === name && outcome === 'acknowledged', deliveries);
  expect(`${name}: what it changed`, state?.before === 'new' && state.after === 'paid', deliveries);
  const twice = output('step', queue, '--twice');
  expect(`${name}: delivered twice`, twice.includes(`orders/${name}-2 times 1 -> 2`), twice);
}

/** calls, trace, blame, why. */
function traced(name, queue) {
  const has = (pattern, ...args) =>
    expect(`${name}: ${args.join(' ')}`, pattern.test(output(...args)), output(...args));
  has(new RegExp(`${name} .*\\n +orders/${name}-1 state "new" -> "paid"`), 'calls', '--as', name, '--writes');
  has(new RegExp(`${queue} `), 'trace', `orders/${name}-1`);
  has(new RegExp(`${queue} ${name.slice(0, 4)}`), 'trace', `orders/${name}-1`, '--format', 'timeline');
  has(new RegExp(`by ${name}.*in ${queue} [0-9a-f]{8}, attempt 1`), 'blame', 'orders', `${name}-1`);
  has(new RegExp(`${name}: \\d+ messages`), 'why', queue);
  const calls = JSON.parse(output('calls', 'list', '--as', name, '--json')).calls;
  const { message_id } = calls.flatMap(({ effects }) => effects).find(({ change }) => change === 'deleted');
  has(new RegExp(`${name} deleted it in attempt 1`), 'why', message_id);
}

/** debug: what an order would do, undone; then it comes twice. */
async function debugged(folder, name, queue) {
  const order = `${name}-6`;
  await send(folder, name, order);
  const changesIn = (flag) => {
    const facts = output('debug', queue, flag, '--json').trim().split('\n').map(JSON.parse);
    const deliveries = facts.filter(({ kind }) => kind === 'step').flatMap((step) => step.deliveries);
    return deliveries.map(({ caller, items }) => {
      const times = items.flatMap(({ changes }) => changes.filter(({ attribute }) => attribute === 'times'));
      return `${caller} ${times.map(({ before = 0, after }) => `${before} -> ${after}`)}`;
    });
  };
  const undone = changesIn('--undo');
  expect(`${name}: debug --undo`, undone.join() === `${name} 0 -> 1`, undone);
  const { state, times } = await orderOf(order);
  expect(`${name}: it was undone`, state === 'new' && times === 0, { state, times });
  const twice = changesIn('--twice');
  expect(`${name}: debug --twice`, twice.join() === `${name} 0 -> 1,${name} 1 -> 2`, twice);
}

/** dlq try: the consumer handles a dead letter on a copy of the world. */
async function tried(folder, name, queue) {
  const order = `${name}-3`;
  await send(folder, name, order);
  const { message_id } = JSON.parse(output('queue', 'peek', queue, '--json')).messages[0];
  await move(queue, message_id, `${name}-dead`);
  const [letter] = JSON.parse(output('dlq', 'show', queue, '--json')).messages;
  const report = output('dlq', 'try', letter.message_id, '--as', name);
  expect(`${name}: dlq try`, report.includes(`orders/${order} state "new" -> "paid"`), report);
  const after = { ...(await orderOf(order)), dead: (await depths(`${name}-dead`)).ready };
  expect(`${name}: nothing of it remains`, after.state === 'new' && after.dead === 1, after);
  output('dlq', 'redrive', `${name}-dead`);
  output('queue', 'release', '--all');
  await until(`${name}: the dead letter is handled`, async () => (await orderOf(order)).state === 'paid');
}

/** kill -9 in the middle of an order: it comes again to the next process, unless the program had deleted it first. */
async function killed(folder, name, queue, program, run) {
  const { deletesFirst } = PROGRAMS[name];
  const order = `${name}-4`;
  const held = await holdCall(`dynamodb:${deletesFirst ? 'GetItem' : 'UpdateItem'}`);
  await send(folder, name, order);
  await held(program);
  program.signal('SIGKILL');
  await program.ended;
  // The call of the dead process never acts: what pays the order is the next process.
  output('fault', 'clear');
  output('clock', 'advance', '31s');
  const next = run();
  await polled(queue, next);
  if (deletesFirst) expect(`${name}: the order is lost`, (await orderOf(order)).state === 'new', await orderOf(order));
  else await until(`${name}: the order comes again`, async () => (await orderOf(order)).state === 'paid');
  const { times } = await orderOf(order);
  expect(`${name}: nothing of the first process came late`, times === (deletesFirst ? 0 : 1), { times });
  return next;
}

/** Ctrl-C ends it, and loses nothing. */
async function interrupted(name, queue, program) {
  await until(`${name}: nothing is in its hands`, async () => (await depths(queue)).in_flight === 0);
  program.signal('SIGINT');
  const late = new Promise((resolve) => setTimeout(resolve, GRACE_MS, 'late').unref());
  const end = await Promise.race([program.ended, late]);
  expect(`${name}: Ctrl-C ends it`, end !== 'late' && end.signal === null, { end, said: program.said() });
}

/** check: the order is put down twice when its message comes twice. */
async function checked(folder, name, queue, cwd, command) {
  output('queue', 'hold', queue);
  await send(folder, name, `${name}-5`);
  const env = { ...process.env, QUEUE: queue };
  const { code, failures, masked } = checkedIn({ cwd, env }, '--only', 'duplicate', '--as', name, '--', ...command);
  const isCounted = ({ path, before, after }) => path === 'times' && before === '1' && after === '2';
  const isFound = failures.some(({ id, differences }) => id === 'duplicate:0' && differences.some(isCounted));
  expect(`${name}: check`, code === 1 && isFound && masked.length === 0, { code, failures, masked });
}
