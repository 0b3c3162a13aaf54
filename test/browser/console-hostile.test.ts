import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleForTests } from './console-bed.ts';

const HOSTILE = `<img src=x onerror=alert(1)><script>alert(2)</script>"'&\${1}`;

const bed = consoleForTests();

test('names, bodies, items, objects and log lines are text', async () => {
  const { MessageId } = await bed.send('order-queue-dlq', HOSTILE);
  await bed.aws('AmazonSQS.SendMessage', {
    QueueUrl: 'order-queue-dlq',
    MessageBody: JSON.stringify({ event_type: HOSTILE }),
    MessageAttributes: { a: { DataType: 'String', StringValue: HOSTILE } },
  });
  const Item = { customer_id: { S: HOSTILE }, [HOSTILE]: { S: HOSTILE } };
  await bed.aws('DynamoDB_20120810.PutItem', { TableName: 'customers', Item });
  await bed.putObject(
    'ecommerce-receipts',
    HOSTILE,
    `<html><body onload="alert(3)">${HOSTILE}</body></html>`,
    'text/html',
  );
  await bed.aws('Logs_20140328.CreateLogGroup', { logGroupName: 'other' });
  await bed.aws('Logs_20140328.CreateLogStream', { logGroupName: 'other', logStreamName: 's' });
  const logEvents = [{ timestamp: Date.now(), message: HOSTILE }];
  await bed.aws('Logs_20140328.PutLogEvents', { logGroupName: 'other', logStreamName: 's', logEvents });
  const page = await bed.tab(`#/flow/${MessageId}`);
  const seen = async (where: string) => {
    await page.locator(where).getByText('<img src=x', { exact: false }).first().waitFor();
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
  };
  await seen('.list');
  await page.getByRole('button', { name: 'Message', exact: true }).click();
  await seen('pre.content');
  await bed.show(page, '#/queues/order-queue-dlq');
  await seen('.queue-messages');
  await bed.show(page, '#/tables/customers');
  await seen('tbody');
  await bed.show(page, `#/tables/customers?history=${encodeURIComponent(HOSTILE)}`);
  await seen('.history');
  await bed.show(page, `#/s3/ecommerce-receipts/${encodeURIComponent(HOSTILE)}`);
  await seen('pre.content');
  await bed.show(page, '#/logs');
  await page.getByLabel('Group').selectOption('other');
  await seen('.list');
  await bed.aws('AmazonSQS.PurgeQueue', { QueueUrl: 'order-queue-dlq' });
});

test('addresses that would run a script are links nowhere', async () => {
  const address = 'javascript:alert(1)';
  const Item = { customer_id: { S: address } };
  const { MessageId } = await bed.send('order-queue-dlq', address);
  await bed.aws('DynamoDB_20120810.PutItem', { TableName: 'customers', Item });
  await bed.putObject('ecommerce-receipts', address, address, 'text/html');
  const page = await bed.tab();
  const places = [
    `#/flow/${MessageId}`,
    `#/tables/customers?history=${encodeURIComponent(address)}`,
    `#/s3/ecommerce-receipts/${encodeURIComponent(address)}`,
    `#/flow/${encodeURIComponent(address)}`,
    `#/${encodeURIComponent(address)}`,
  ];
  for (const place of places) {
    await bed.show(page, place);
    await page.locator('h1, h2').first().waitFor();
    const links = await page.locator('a').evaluateAll((all) => all.map((each) => (each as unknown as URL).protocol));
    expect(new Set(links)).toEqual(new Set(['http:']));
  }
});

test('a text that turns the direction turns nothing behind it', async () => {
  const id = '\u202etfel ot thgir';
  await bed.aws('DynamoDB_20120810.PutItem', { TableName: 'customers', Item: { customer_id: { S: id } } });
  const page = await bed.tab(`#/flow/${encodeURIComponent(`customers/${id}`)}`);
  const effect = page.locator('.tree .effect').first();
  const [link, how] = [await effect.locator('a').boundingBox(), await effect.locator('.dim').boundingBox()];
  expect(how!.x).toBeGreaterThanOrEqual(link!.x + link!.width);
});

test('a long name leaves room for its value', async () => {
  const Item = { customer_id: { S: 'long' }, ['W'.repeat(600)]: { S: 'the value' } };
  await bed.aws('DynamoDB_20120810.PutItem', { TableName: 'customers', Item });
  const page = await bed.tab('#/tables/customers?history=long');
  const value = await page.locator('ins').getByText('the value').boundingBox();
  expect(value!.width).toBeGreaterThan(value!.height);
});

test('large and deep texts neither stall the page nor widen it', async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
  const texts = { large: 'x'.repeat(200_000), deep, brackets: '['.repeat(200_000) };
  const Name = 'n'.repeat(80);
  await bed.aws('AmazonSQS.CreateQueue', { QueueName: Name });
  await bed.aws('Logs_20140328.CreateLogGroup', { logGroupName: 'texts' });
  await bed.aws('Logs_20140328.CreateLogStream', { logGroupName: 'texts', logStreamName: 's' });
  for (const size of [
    { width: 1280, height: 800 },
    { width: 360, height: 720 },
  ]) {
    const page = await bed.tab();
    await page.setViewportSize(size);
    await page.evaluate(WATCH_TASKS);
    for (const [key, text] of Object.entries(texts)) {
      const { MessageId } = await bed.send(Name, text);
      await bed.putObject('ecommerce-receipts', `${Name}${key}`, text, 'application/json');
      const logEvents = [{ timestamp: Date.now(), message: text }];
      await bed.aws('Logs_20140328.PutLogEvents', { logGroupName: 'texts', logStreamName: 's', logEvents });
      await bed.show(page, `#/flow/${MessageId}`);
      await page.getByRole('button', { name: 'Message', exact: true }).click();
      await shows(page, text);
      await bed.show(page, `#/queues/${Name}`);
      await page.locator('.queue-messages button').first().click();
      await shows(page, texts.large);
      await bed.show(page, `#/s3/ecommerce-receipts/${Name}${key}`);
      await shows(page, text);
      await bed.show(page, '#/logs');
      await page.getByLabel('Group').selectOption('texts');
      await page.getByRole('listbox').getByRole('option').first().click();
      await shows(page, undefined);
      await bed.show(page, '#/map');
      await shows(page, undefined);
    }
    // A task as long as a deep text set in takes is far over a second, and no machine is that slow for the others.
    expect(await page.evaluate('Math.max(0, ...tasks)')).toBeLessThan(1_000);
  }
});

const WATCH_TASKS = `
  globalThis.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
`;

/** The text as it is, and a page as wide as its window. */
async function shows(page: Page, text: string | undefined): Promise<void> {
  if (text !== undefined) {
    await expect.poll(() => page.locator('pre.content').first().textContent()).toHaveLength(text.length);
  }
  const [wide, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number];
  expect(wide).toBeLessThanOrEqual(seen);
}
