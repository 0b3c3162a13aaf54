import { beforeAll, describe, expect, test } from 'vitest';
import { consoleForTests } from './console-bed.ts';

const bed = consoleForTests();
let order = '';
beforeAll(async () => {
  order = (await bed.sandbox.ready('order create --customer ada --item laptop-pro:1 --json')).json().order.order_id;
  await bed.sandbox.ready('drain --json');
}, 120_000);

test('the key leaves the address and its history, and a tab without it shows nothing', async () => {
  const page = await bed.tab();
  expect(page.url()).not.toContain('key=');
  expect(await page.evaluate('[document.cookie, Object.keys(localStorage).length]')).toEqual(['', 0]);
  await page.reload();
  await page.getByText('embedded engine').first().waitFor();
  const other = await bed.context.newPage();
  await other.goto(new URL(bed.url).origin);
  await other.getByText('This tab has no key').waitFor();
});

test('a page of another site can neither read nor change anything', async () => {
  const other = await bed.context.newPage();
  await other.goto(`${bed.sandbox.endpoint}/_localstack/s3`);
  const { origin, hash } = new URL(bed.url);
  const page = await bed.context.newPage();
  await page.goto('about:blank');
  const answers = await page.evaluate(
    async ([origin, key]) => {
      const ask = (init: RequestInit) =>
        fetch(`${origin}/api/queues/purge`, { method: 'POST', ...init }).then(
          () => 'read',
          () => 'refused',
        );
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      return [await ask({ headers, body: '{}' }), await ask({ body: '{}' })];
    },
    [origin, hash.slice(5)] as const,
  );
  expect(answers).toEqual(['refused', 'refused']);
});

describe('areas', () => {
  test('map: what there is, and what passes', async () => {
    const page = await bed.tab('#/map');
    await page.getByRole('button', { name: /payment-queue/ }).click();
    const panel = page.getByRole('complementary');
    await panel.getByText('Lets through').waitFor();
    await panel
      .getByRole('link', { name: /inventory_reserved/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Waterfall' }).waitFor();
  });

  test('flow: a conversation as a tree with its effects, over time, why, and as a command', async () => {
    const page = await bed.tab(`#/flow/${order}`);
    const panel = page.getByRole('complementary');
    await panel.locator('ins').getByText('fulfilled').first().waitFor();
    expect(await panel.locator('del').allTextContents()).toContain('created');
    await panel.getByRole('button', { name: 'Waterfall' }).click();
    expect(await panel.locator('.fall').count()).toBeGreaterThan(5);
    // An order is no message: it has no place, and nothing to send again.
    for (const name of ['Why', 'Message', 'Replay']) {
      expect(await panel.getByRole('button', { name, exact: true }).count()).toBe(0);
    }
    await bed.aws('AmazonSQS.CreateQueue', { QueueName: 'copies' });
    const { MessageId } = await bed.send('copies', 'a copy of me');
    await bed.show(page, `#/flow/${MessageId}`);
    await panel.getByRole('button', { name: 'Why' }).click();
    await panel.getByText('ready, 0 before it').waitFor();
    await panel.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('A copy was sent').waitFor();
    await panel.getByRole('button', { name: 'Message', exact: true }).click();
    await panel.getByRole('button', { name: 'AWS CLI' }).click();
    await page.getByText('Copied for AWS CLI').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('sqs send-message');
    await bed.aws('AmazonSQS.DeleteQueue', { QueueUrl: 'copies' });
  });

  test('queues: send, look, hold, release, and purge by typing the name', async () => {
    const page = await bed.tab('#/queues/analytics-queue');
    await page.getByRole('button', { name: 'Hold', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
    await page.getByText('Held since').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Body').fill('{"sent":"by hand"}');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.locator('.queue-messages button').first().click();
    await page.locator('pre.content').getByText('by hand').waitFor();
    await page.getByRole('button', { name: 'End the hold' }).click();
    // The note goes, and what stands below it moves.
    await page.getByText('Held since').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Purge' }).click();
    const remove = dialog.getByRole('button', { name: 'Delete them' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel('Type the name of the queue').fill('analytics-queue');
    await remove.click();
    await page.getByText('1 message was deleted').waitFor();
  });

  test('tables: query, edit, and the history of an item', async () => {
    const page = await bed.tab('#/tables/inventory');
    await page
      .getByLabel('product_id', { exact: true })
      .or(page.getByLabel('sku', { exact: true }))
      .first()
      .fill('keyboard');
    await page.getByRole('button', { name: 'Query' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody .link').first().click();
    const area = page.getByRole('dialog').getByRole('textbox');
    await area.fill(
      (await area.inputValue()).replace('"available": {\n    "N": "100"', '"available": {\n    "N": "77"'),
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The item was written').waitFor();
    await page.locator('tbody').getByText('77').first().waitFor();
    await bed.show(page, '#/tables/inventory?history=keyboard');
    await page.locator('.history').getByText('console').first().waitFor();
    await page.locator('ins').getByText('77').first().waitFor();
  });

  test('S3: a receipt as text, upload, download, presign', async () => {
    const page = await bed.tab('#/s3/ecommerce-receipts');
    await page.getByRole('button', { name: `receipts/${order}.json` }).click();
    await page.locator('pre.content').getByText('"order_id"').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${order}.json`);
    await page.getByRole('button', { name: 'Presign' }).click();
    const address = await page.locator('.presigned code').textContent();
    expect((await (await fetch(address!)).json()) as object).toMatchObject({ order_id: order });
    const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('some notes') };
    await page.getByLabel('File to upload').setInputFiles(file);
    await page.getByRole('button', { name: 'notes.txt' }).click();
    await page.locator('pre.content').getByText('some notes').waitFor();
  });

  test('metrics: the dashboard, percentiles, alarms', async () => {
    const page = await bed.tab('#/metrics');
    await page.getByRole('heading', { name: 'Orders a minute' }).waitFor();
    expect(await page.locator('canvas').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'All' }).click();
    await page.getByLabel('Filter').fill('ProcessingTime payment');
    await page
      .getByRole('button', { name: /ProcessingTime/ })
      .first()
      .click();
    await page.getByRole('img', { name: /^Percentiles: p50 \d/ }).waitFor();
    await page.getByRole('button', { name: 'Alarms' }).click();
    await page.getByText('There are no alarms').waitFor();
  });

  test('logs: a pattern, a correlation id, and the trace of a line', async () => {
    const page = await bed.tab('#/logs');
    await page.getByLabel('Filter pattern').fill('{ $.action = "order_placed" }');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: 'Same correlation id' }).click();
    await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(5);
    await page.getByRole('link', { name: 'Show the trace' }).click();
    await page.getByRole('button', { name: 'Waterfall' }).waitFor();
  });

  test('clock, faults and snapshots', async () => {
    const page = await bed.tab('#/controls');
    await page.getByLabel('Name', { exact: true }).fill('here');
    await page.keyboard.press('Enter');
    await page.getByText('here was saved').waitFor();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.getByText('stands still').first().waitFor();
    await page.getByRole('button', { name: 'Advance 30 s' }).click();
    await page.getByText('Moved ahead 30 s').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByLabel('Rule').fill('sqs:DeleteMessage drop 1');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Clear sqs:DeleteMessage drop 1' }).click();
    await page.getByText('No faults').waitFor();
    await page.getByRole('button', { name: 'What changed since here' }).click();
    await page.getByRole('heading', { name: 'Since here' }).waitFor();
    await page.getByRole('button', { name: 'Load here' }).click();
    await page.getByText('here was brought back').waitFor();
    await page.getByRole('button', { name: 'Delete here' }).click();
  });

  test('checks: run to a verdict', async () => {
    const page = await bed.tab('#/checks');
    await page.getByRole('button', { name: 'Run' }).click();
    // Nobody polls: the undisturbed run, or the lack of messages, ends it.
    await page
      .getByRole('heading', { name: /All held/ })
      .or(page.getByRole('alert'))
      .first()
      .waitFor({ timeout: 60_000 });
  });
});

test('two tabs see the same, and what one changes the other shows', async () => {
  const [one, two] = [await bed.tab('#/queues/order-queue'), await bed.tab('#/queues/order-queue')];
  await one.bringToFront();
  await one.getByRole('button', { name: 'Hold', exact: true }).click();
  await one.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
  await two.bringToFront();
  await two.getByText('Held since').waitFor();
  await two.getByRole('button', { name: 'End the hold' }).click();
  await one.bringToFront();
  await one.getByRole('button', { name: 'Hold', exact: true }).waitFor();
});

test('ten thousand messages: the newest are kept, the others counted, and the list stays quick', async () => {
  await bed.aws('AmazonSQS.CreateQueue', { QueueName: 'many' });
  const page = await bed.tab('#/flow');
  await page.getByRole('button', { name: 'Pause' }).click();
  for (let batch = 0; batch < 1_000; batch++) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      // No id has these letters, and the filter looks at ids too.
      MessageBody: `number ${batch * 10 + index}th`,
    }));
    await bed.aws('AmazonSQS.SendMessageBatch', { QueueUrl: 'many', Entries });
  }
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('option', { name: /9999th/ }).waitFor();
  await page.getByText(/\d+ calls came too fast/).waitFor();
  expect(await page.getByRole('option').count()).toBeLessThan(80);
  await page.getByRole('listbox').focus();
  await page.keyboard.press('End');
  expect(await page.getByRole('option', { selected: true }).count()).toBe(1);
  await page.getByLabel('Filter').fill('9998th');
  await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('number 9998th')]);
  await bed.aws('AmazonSQS.DeleteQueue', { QueueUrl: 'many' });
});

test('everything by keyboard', async () => {
  const page = await bed.tab('#/map');
  await page.keyboard.press('3');
  await page.getByRole('heading', { name: 'Queues' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('payment-queue-dlq');
  await page.keyboard.press('Escape');
  await page.locator('tbody .link').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Queue payment-queue-dlq' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('complementary').count()).toBe(0);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  await page.getByRole('listbox').focus();
  await page.keyboard.press('j');
  await page.getByRole('button', { name: 'Waterfall' }).waitFor();
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(['map', 'flow', 'queues', 'tables', 's3', 'metrics', 'logs', 'controls', 'checks'])(
    'axe finds no serious fault in %s, and nothing is wider than 360 pixels',
    async (area) => {
      const chosen: Record<string, string> = {
        queues: '/payment-queue',
        tables: '/orders',
        flow: `/${order}`,
        map: '/queue/order-queue',
      };
      const page = await bed.tab(`#/${area}${chosen[area] ?? ''}`);
      await page.emulateMedia({ colorScheme });
      await page.locator('h1').first().waitFor();
      await page.waitForTimeout(1_000);
      expect(await bed.faults(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 720 });
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect(wide).toBeLessThanOrEqual(360);
    },
  );
});

test('an engine that goes away and comes back', async () => {
  const page = await bed.tab('#/flow');
  await bed.sandbox.ready('down --all');
  await page.getByText('The engine does not answer').waitFor();
  await bed.sandbox.ready('up');
  await expect.poll(() => page.getByText('The engine does not answer').count(), { timeout: 30_000 }).toBe(0);
  await bed.send('order-queue-dlq', 'after the pause');
  await page.getByRole('option', { name: /after the pause/ }).waitFor();
});
