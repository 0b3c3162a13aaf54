import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleForTests } from './console-bed.ts';

const bed = consoleForTests();

const sqs = (operation: string, input: object) => bed.aws(`AmazonSQS.${operation}`, input);

/** In light and in dark, on a wide and on a narrow screen. */
async function looksRight(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await bed.faults(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 720 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('dead letters: by reason, one of them mended and sent back', async () => {
  for (const MessageBody of ['{"amount":"12"}', '{"amount":"13"}']) {
    await sqs('SendMessage', {
      QueueUrl: 'payment-queue-dlq',
      MessageBody,
      MessageAttributes: {
        cliffracer_reason: { DataType: 'String', StringValue: 'invalid_amount' },
        customer: { DataType: 'String', StringValue: 'ada' },
      },
    });
  }
  const page = await bed.tab('#/queues/payment-queue-dlq');
  await page.getByRole('heading', { name: 'invalid_amount' }).waitFor();
  await page.locator('.queue-messages button').first().click();
  await looksRight(page);
  await page.getByRole('button', { name: 'Edit, redrive' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit and redrive' });
  await looksRight(page);
  await dialog.getByLabel('Body').fill('{"amount":12}');
  await dialog.getByRole('button', { name: 'Redrive' }).click();
  await page.getByText('1 moved to payment-queue').waitFor();
  await dialog.waitFor({ state: 'detached' });
  const { Messages } = await sqs('ReceiveMessage', {
    QueueUrl: 'payment-queue',
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  expect(Messages).toMatchObject([
    { Body: '{"amount":12}', MessageAttributes: { customer: { DataType: 'String', StringValue: 'ada' } } },
  ]);
  await page.getByText('1 dead letter', { exact: true }).waitFor();
  // The other one lies there as it did, and nobody holds its queue any more.
  expect(await sqs('ReceiveMessage', { QueueUrl: 'payment-queue-dlq' })).toMatchObject({
    Messages: [{ Body: '{"amount":"13"}' }],
  });
});

test('an edited dead letter that cannot go back keeps its text', async () => {
  await sqs('SendMessage', { QueueUrl: 'order-queue-dlq', MessageBody: '{}' });
  const page = await bed.tab('#/queues/order-queue-dlq');
  await page.locator('.queue-messages button').first().click();
  await page.getByRole('button', { name: 'Edit, redrive' }).click();
  await page.getByLabel('Body').fill('{"mended":true}');
  await sqs('PurgeQueue', { QueueUrl: 'order-queue-dlq' });
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
  await page.locator('.notice .bad').waitFor();
  expect(await page.getByLabel('Body').inputValue()).toBe('{"mended":true}');
  expect(bed.complaints.splice(0)).toEqual([expect.stringContaining('404')]);
});

/** Counts what comes, deletes it, and only then tells of it: twice what comes twice, and never what it fell over. */
async function count(stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const input = { QueueUrl: 'jobs', WaitTimeSeconds: 1 };
    const { Messages = [] } = await sqs('ReceiveMessage', input).catch(() => ({ Messages: [] }));
    for (const { ReceiptHandle } of Messages) await work(ReceiptHandle).catch(() => undefined);
  }
}

async function work(ReceiptHandle: string): Promise<void> {
  const add = { UpdateExpression: 'ADD messages :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
  await bed.aws('DynamoDB_20120810.UpdateItem', { TableName: 'totals', Key: { id: { S: 'all' } }, ...add });
  await sqs('DeleteMessage', { QueueUrl: 'jobs', ReceiptHandle });
  await sqs('SendMessage', { QueueUrl: 'told', MessageBody: 'done' });
}

test('a verdict: what became of the message, the values, what mends it, and the command', async () => {
  for (const QueueName of ['jobs', 'told']) await sqs('CreateQueue', { QueueName });
  await bed.aws('DynamoDB_20120810.CreateTable', {
    TableName: 'totals',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  const stop = new AbortController();
  const counting = count(stop.signal);
  const page = await bed.tab('#/queues/jobs');
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
  await page.getByText('Held since').waitFor();
  await sqs('SendMessage', { QueueUrl: 'jobs', MessageBody: '{"job":1}' });
  await bed.show(page, '#/checks');
  for (const name of ['order', 'partial', 'poison', 'slow', 'error', 'crash']) await page.getByLabel(name).uncheck();
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('heading', { name: /counterexample/ }).waitFor({ timeout: 90_000 });
  stop.abort();
  await counting;
  const found = page.getByRole('article').first();
  await found.getByText('table totals all: messages').waitFor();
  expect(await found.locator('del').first().textContent()).toBe('1');
  expect(await found.locator('ins').first().textContent()).toBe('2');
  await found.getByText(/^What usually mends it: \w/).waitFor();
  await found.getByText('What became of the message').click();
  await found.getByText('attempt 2').waitFor();
  await found.getByRole('button', { name: 'Copy the command' }).click();
  const command = 'cliffracer check --running --case duplicate:0';
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(command);
  await looksRight(page);
});
