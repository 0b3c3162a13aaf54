import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test, vi } from 'vitest';
import { bodies, openLab } from './world.ts';

describe('settled', () => {
  test('turns the clock over visibility timeouts until the message is a dead letter', async () => {
    await using lab = await openLab();
    const consumer = lab.consume('jobs', () => {
      throw new Error('no');
    });
    await lab.publish('orders', { id: 'o-1' });
    await lab.settled();
    expect(lab.queue('jobs').deadLetters({ id: 'o-1' })).toMatchObject([{ receives: 3, state: 'ready' }]);
    expect(lab.clock.now()).toEqual(new Date('2026-01-01T00:01:30Z'));
    expect(consumer.errors).toHaveLength(3);
    expect(
      lab
        .queue('jobs')
        .deliveries()
        .map(({ attempt, end }) => [attempt, end]),
    ).toEqual([
      [1, 'expired'],
      [2, 'expired'],
      [3, 'expired'],
    ]);
  });

  test('turns it over delays and batching windows', async () => {
    await using lab = await openLab();
    const batches: string[][] = [];
    lab.consume('mails', (event) => void batches.push(bodies(event)), { batchWindow: 20, batchSize: 10 });
    await lab.send('mails', 'at once');
    await lab.send('mails', 'later', { delay: 15 });
    await lab.settled();
    expect(batches).toEqual([['at once', 'later']]);
    expect(lab.clock.now()).toEqual(new Date('2026-01-01T00:00:20Z'));
  });

  test('waits for what handlers wait for, and for what they send', async () => {
    await using lab = await openLab();
    const seen: string[] = [];
    lab.consume('mails', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await lab.send('audit', 'mailed');
    });
    lab.consume('audit', (event) => void seen.push(...bodies(event)));
    await lab.send('mails', 'x');
    await lab.settled();
    expect(seen).toEqual(['mailed']);
  });

  test('comes to the end of a FIFO queue whose groups hold each other up', async () => {
    await using lab = await openLab();
    const seen: string[] = [];
    lab.consume(
      'groups.fifo',
      (event) => {
        seen.push(...bodies(event));
        if (seen.length === 1) throw new Error('once');
      },
      { batchSize: 1 },
    );
    for (const body of ['a', 'b', 'c']) await lab.send('groups.fifo', body, { group: 'g' });
    await lab.settled();
    expect(seen).toEqual(['a', 'a', 'b', 'c']);
  });

  test('names queues from which nobody receives, and goes without them when told', async () => {
    await using lab = await openLab();
    await lab.send('mails', 'x');
    await expect(lab.settled({ patience: 1 })).rejects.toThrow(
      /mails: 1 ready, nobody receives\n.*settled\({ except: "mails" }\)\n\nrecent calls:\n.*SendMessage queue\/mails ok\nqueues:/s,
    );
    await lab.settled({ except: 'mails' });
    await lab.settled({ except: ['mails', 'audit'] });
  });

  test('names the handler that does not come to an end', async () => {
    await using lab = await openLab();
    lab.consume('mails', () => new Promise(() => {}));
    const { messageId } = await lab.send('mails', 'x');
    await expect(lab.settled({ patience: 1 })).rejects.toThrow(`the handler of mails, with ${messageId}, has not come`);
  });

  test('names a message that comes for ever', async () => {
    await using lab = await openLab();
    lab.consume('mails', () => {
      throw new TypeError('always');
    });
    const { messageId } = await lab.send('mails', 'x');
    await expect(lab.settled()).rejects.toThrow(
      new RegExp(`mails: ${messageId} fails again and again.*handlers threw:\n  mails: TypeError: always`, 's'),
    );
  });

  test('names who has a message in hand, and leaves alone what is far away', async () => {
    await using lab = await openLab();
    await lab.send('mails', 'x');
    const { Messages } = await lab.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: lab.queue('mails').url, VisibilityTimeout: 3600 }),
    );
    await expect(lab.settled({ patience: 1 })).rejects.toThrow(
      `${Messages![0]!.MessageId} is in the hands of test, attempt 1`,
    );
    // It asks again, so it has let the first one lie.
    await lab.sqs.send(new ReceiveMessageCommand({ QueueUrl: lab.queue('mails').url, WaitTimeSeconds: 0 }));
    await expect(lab.settled({ within: '10m' })).rejects.toThrow(/1 in flight\n.*too far away/s);
  });

  test('takes no notice of faked timers', async () => {
    await using lab = await openLab();
    vi.useFakeTimers();
    try {
      lab.consume('mails', () => {}, { batchWindow: 5 });
      await lab.send('mails', 'x');
      await lab.settled();
      await expect(lab.queue('audit').consumed('x', { patience: 1 })).rejects.toThrow('found 0');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('clock.advance', () => {
  test('handles at each time what is due then', async () => {
    await using lab = await openLab();
    const times: string[] = [];
    lab.consume('audit', () => {
      times.push(lab.clock.now().toISOString().slice(14, 19));
      if (times.length < 3) throw new Error('again');
    });
    await lab.send('audit', 'x');
    await lab.clock.advance('9s');
    expect(times).toEqual(['00:00']);
    await lab.clock.advance(1_000);
    expect(times).toEqual(['00:00', '00:10']);
    await lab.clock.advance('1h');
    expect(times).toEqual(['00:00', '00:10', '00:20']);
    expect(lab.clock.now()).toEqual(new Date('2026-01-01T01:00:10Z'));
    await expect(lab.clock.advance('soon')).rejects.toThrow('advance must be milliseconds, or a text such as 500ms');
  });
});
