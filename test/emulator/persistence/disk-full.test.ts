import { describe, expect, it } from 'vitest';
import { localStackRoutes } from '../../../src/emulator/http/localstack.ts';
import { DataDirectory } from '../../../src/emulator/persistence/data-directory.ts';
import { systemFiles } from '../../../src/emulator/persistence/files.ts';
import { lab, SCOPE } from '../control/lab.ts';
import { asAfterKill, temporaryDirectory } from './directory.ts';

function fullDisk() {
  let isFull = false;
  const files = {
    ...systemFiles,
    writeSync: ((...args: Parameters<typeof systemFiles.writeSync>) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return systemFiles.writeSync(...args);
    }) as typeof systemFiles.writeSync,
  };
  const fill = (full: boolean) => {
    isFull = full;
  };
  return { files, fill };
}

describe('a full disk', () => {
  it('refuses calls that change something as AWS does, says so once, and is over when there is room', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { files, fill } = fullDisk();
    const { engine, queueWith } = lab();
    const data = new DataDirectory(engine, directory, { files, onNotice: (text) => notices.push(text) });
    await queueWith('a');
    const send = (MessageBody: string) =>
      engine.call({ ...SCOPE, service: 'sqs', operation: 'SendMessage', input: { QueueUrl: 'q', MessageBody } });
    const health = async () => {
      const route = localStackRoutes(engine, { data }).get('/_localstack/health')!;
      const { body } = await route({} as never, '', new URLSearchParams());
      return JSON.parse(String(body)).data_directory.fault;
    };
    expect(await health()).toBeNull();
    fill(true);
    for (const body of ['b', 'c']) {
      await expect(send(body)).rejects.toMatchObject({ code: 'ServiceUnavailable', message: /the disk is full/ });
    }
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^disk full: /);
    expect(await health()).toMatchObject({ code: 'disk_full' });
    // Reading goes on.
    await engine.call({ ...SCOPE, service: 'sqs', operation: 'GetQueueUrl', input: { QueueName: 'q' } });
    fill(false);
    expect(await health()).toBeNull();
    await send('d');
    const again = lab({ dataDirectory: asAfterKill(directory) });
    const { messages } = (await again.control('GET /sqs/queues/q/messages')).body;
    expect(messages.map(({ body }: { body: string }) => body)).toEqual(['a', 'd']);
    expect(notices).toHaveLength(2);
    data.close();
  });

  it('at the stop loses nothing', async () => {
    const directory = temporaryDirectory();
    const notices: string[] = [];
    const { files, fill } = fullDisk();
    const { engine, queueWith } = lab();
    const data = new DataDirectory(engine, directory, { files, onNotice: (text) => notices.push(text) });
    await queueWith('a');
    fill(true);
    data.close();
    expect(notices[0]).toMatch(/no snapshot could be written .* its journals hold everything/);
    const again = lab({ dataDirectory: directory });
    expect((await again.control('GET /sqs/queues')).body.queues[0]).toMatchObject({ ready: 1 });
  });

  it('is ServiceUnavailable with status 503 on the wire', async () => {
    const { files, fill } = fullDisk();
    const { engine, emulator, queueWith } = lab();
    const data = new DataDirectory(engine, temporaryDirectory(), { files });
    await queueWith();
    fill(true);
    const response = await emulator.handle({
      method: 'POST',
      url: '/',
      headers: {
        host: '127.0.0.1:4566',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
      },
      body: Buffer.from(JSON.stringify({ QueueUrl: 'http://127.0.0.1:4566/000000000000/q', MessageBody: 'x' })),
    });
    expect(response.status).toBe(503);
    expect(JSON.parse(String(response.body)).__type).toMatch(/ServiceUnavailable/);
    fill(false);
    data.close();
  });
});
