import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
});
afterEach(() => session.close());

const configure = (config: object) =>
  writeFileSync(join(session.home, 'cliffracer.config.json'), JSON.stringify(config, undefined, 1));
const failure = async (line = 'dev --json') => {
  const { code, json } = await session.run(line);
  return { exit: code, ...json().error };
};

describe('dev refuses', () => {
  test('to start without a configuration, and without consumers in it', async () => {
    expect(await failure()).toMatchObject({
      exit: 2,
      code: 'invalid_config',
      message: 'there is no cliffracer.config.json',
    });
    configure({ stack: 'a' });
    expect(await failure()).toMatchObject({ exit: 2, hint: expect.stringContaining('docs/consumers.md') });
  });

  test.each<[string, object, RegExp]>([
    ['batchSize', { batchSize: 100 }, /:6: consumers\.orders\.batchSize above 10 needs a batchWindow of at least 1/],
    [
      'batchWindow',
      { queue: 'q.fifo', batchWindow: 1 },
      /:6: consumers\.orders\.batchWindow cannot be had with a FIFO/,
    ],
    ['handler', { handler: 'orders' }, /:4: consumers\.orders\.handler must be FILE\.EXPORT, not "orders"/],
    ['runtime', { runtime: 'provided' }, /:6: consumers\.orders\.runtime provided needs a command/],
    [
      'filter',
      { filterCriteria: { Filters: [{ Pattern: '{"body":[]}' }] } },
      /:6: .*filterCriteria filter 1: body has an empty/,
    ],
  ])('a handler whose %s AWS would not take', async (_name, more, message) => {
    configure({ consumers: { orders: { handler: 'index.handler', queue: 'q', ...more } } });
    const refused = await failure();
    expect(refused).toMatchObject({ exit: 2, code: 'invalid_config' });
    expect(refused.message).toMatch(message);
  });

  test('a queue that is not there', async () => {
    configure({ consumers: { orders: { handler: 'index.handler', queue: 'no-queue' } } });
    expect(await failure()).toMatchObject({
      exit: 4,
      code: 'not_provisioned',
      message: expect.stringMatching(/^consumer orders: queue no-queue does not exist/),
      hint: expect.stringContaining('`cliffracer queue list` in consumers.orders.queue'),
    });
  });

  test('a template that is not there, and makes one that is', async () => {
    const consumers = { orders: { handler: 'index.handler', queue: 'made-queue', timeout: 31 } };
    configure({ topology: { template: 'template.json' }, consumers });
    expect(await failure()).toMatchObject({
      exit: 2,
      message: expect.stringContaining('template.json cannot be read'),
    });
    const properties = { QueueName: { Ref: 'Name' }, VisibilityTimeout: 30 };
    const template = {
      Parameters: { Name: { Type: 'String' } },
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } },
    };
    writeFileSync(join(session.home, 'template.json'), JSON.stringify(template));
    configure({ topology: { template: 'template.json', parameters: { Name: 'made-queue' } }, consumers });
    // The queue is there: what is refused is the function's timeout.
    expect(await failure()).toMatchObject({ exit: 2, message: expect.stringContaining('30 seconds is less than 31') });
  });

  test('a function that may run longer than its queue hides a message', async () => {
    await session.run('provision');
    configure({ consumers: { orders: { handler: 'index.handler', queue: 'order-queue', timeout: 900 } } });
    const refused = await failure();
    expect(refused).toMatchObject({ exit: 2, code: 'invalid_config' });
    expect(refused.message).toMatch(
      /consumers\.orders\.timeout must not be longer than the queue's visibility timeout/,
    );
  });

  test('a program that cannot be started', async () => {
    configure({ consumers: { worker: { command: ['no-such-program'] } } });
    expect(await failure()).toMatchObject({
      ...{ exit: 1, code: 'consumer_failed' },
      message: expect.stringMatching(/consumer worker: "no-such-program" cannot be started: not found/),
    });
  });

  test('AWS as its target', async () => {
    configure({ consumers: { worker: { command: ['node'] } } });
    expect(await failure('dev --target aws --json')).toMatchObject({ exit: 5, code: 'refused' });
  });
});
