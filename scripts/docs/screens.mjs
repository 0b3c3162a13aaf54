// Screens of the console for docs/console.md, from a run of the built program. Usage: node scripts/docs/screens.mjs [FOLDER]
//   Needs dist/ (npm run build) and Chromium (CLIFFRACER_CHROMIUM, or /usr/bin/chromium).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { reservePort } from '../ports.mjs';

const folder = process.argv[2] ?? 'docs/images';
const home = mkdtempSync(join(tmpdir(), 'cliffracer-screens-'));
const port = await reservePort();
const env = {
  PATH: process.env.PATH,
  HOME: home,
  CLIFFRACER_HOME: join(home, 'state'),
  CLIFFRACER_ENGINE: 'embedded',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port.port}`,
};
const program = (...args) => [process.execPath, ['bin/cliffracer.js', ...args], { env, encoding: 'utf8' }];

function run(...args) {
  const { status, stdout, stderr } = spawnSync(...program(...args));
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** A shop in use: orders of all kinds, workers, a dead letter, a held queue, a snapshot, an alarm. */
async function useTheShop() {
  run('up');
  const workers = spawn(process.execPath, ['bin/cliffracer.js', 'run'], { env, stdio: 'ignore' });
  const order = (customer, item, ...more) =>
    JSON.parse(run('order', 'create', '--customer', customer, '--item', item, ...more, '--json')).order.order_id;
  const first = order('ada', 'laptop-pro:1');
  order('bob', 'keyboard:2');
  order('eve', 'smartphone-x:1', '--payment', 'decline');
  order('ada', 'tablet-air:1');
  run('queue', 'send', 'payment-queue', '--body', '{"event_type":"payment_requested","amount":"12"}');
  run('queue', 'send', 'inventory-queue', '--body', 'not an event');
  await settled();
  run('snapshot', 'save', 'before-the-sale');
  run('fault', 'add', 'sqs:DeleteMessage drop 10%');
  run('queue', 'hold', 'fulfillment-queue');
  order('eve', 'laptop-pro:2');
  order('bob', 'keyboard:1');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  return { first, end: () => ended(workers) };
}

function ended(child) {
  child.kill('SIGINT');
  return once(child, 'exit');
}

async function settled() {
  for (let looks = 0; looks < 60; looks++) {
    const { queues } = JSON.parse(run('queue', 'list', '--json'));
    const open = queues.filter(({ dead_letters_of: of, ready, in_flight }) => of.length === 0 && ready + in_flight > 0);
    if (open.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the shop did not settle');
}

async function openConsole() {
  const child = spawn(...program('console', '--port', '0', '--json'));
  const [text] = await once(child.stdout, 'data');
  return { url: JSON.parse(String(text)).url, end: () => ended(child) };
}

/** Name of the picture, address, and what is clicked. */
const screens = (first) => [
  ['map', '#/map/queue/fulfillment-queue'],
  ['flow', `#/flow/${first}?filter=order-events`],
  ['waterfall', `#/flow/${first}?filter=order-events`, 'button:text("Waterfall")'],
  ['queues', '#/queues/inventory-queue-dlq', '.queue-messages button'],
  ['tables', '#/tables/orders'],
  ['history', `#/tables/orders?history=${first}`],
  ['s3', `#/s3/ecommerce-receipts/${encodeURIComponent(`receipts/${first}.json`)}`],
  ['metrics', '#/metrics'],
  ['logs', '#/logs', '.list-row'],
  ['controls', '#/controls', 'button:text("Difference")'],
  ['checks', '#/checks'],
];

async function take({ url }, first) {
  const browser = await chromium.launch({
    executablePath: process.env.CLIFFRACER_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  mkdirSync(folder, { recursive: true });
  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(url);
    await page.waitForSelector('.card');
    return page;
  };
  const show = async (page, address, click) => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await page.waitForTimeout(1_500);
    if (click !== undefined) await page.locator(click).first().click();
    await page.waitForTimeout(click === undefined ? 500 : 1_500);
  };
  const light = await open({ viewport: { width: 1280, height: 760 }, colorScheme: 'light' });
  for (const [name, address, click] of screens(first)) {
    await show(light, address, click);
    await light.screenshot({ path: join(folder, `console-${name}.png`) });
  }
  const dark = await open({ viewport: { width: 1280, height: 760 }, colorScheme: 'dark' });
  await show(dark, `#/flow/${first}?filter=order-events`);
  await dark.screenshot({ path: join(folder, 'console-dark.png') });
  const narrow = await open({ viewport: { width: 360, height: 720 }, colorScheme: 'light' });
  await show(narrow, '#/queues');
  await narrow.screenshot({ path: join(folder, 'console-narrow.png') });
  await browser.close();
}

try {
  const shop = await useTheShop();
  const page = await openConsole();
  await take(page, shop.first);
  await page.end();
  await shop.end();
} finally {
  spawnSync(...program('down', '--all'));
  port.release();
  rmSync(home, { recursive: true, force: true });
}
