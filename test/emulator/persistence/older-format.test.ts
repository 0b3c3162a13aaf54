import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { lab } from '../control/lab.ts';
import { temporaryDirectory } from './directory.ts';

/** Written by the last version of format 2: 300 messages and an item in the snapshot, four calls in the journal. */
const FILES = join(import.meta.dirname, 'format-2');

it('reads a data directory of format 2, and goes on with it', async () => {
  const dataDirectory = temporaryDirectory();
  for (const name of readdirSync(FILES)) {
    writeFileSync(join(dataDirectory, name.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(FILES, name))));
  }
  const notices: string[] = [];
  const open = () => lab({ dataDirectory, onNotice: (notice) => notices.push(notice) });
  const item = {
    k: { S: 'a' },
    n: { N: '2.5' },
    b: { B: Buffer.of(0, 1, 2) },
    l: { L: [{ M: { x: { BOOL: true } } }] },
  };
  const first = open();
  expect(await first.call('dynamodb', 'GetItem', { TableName: 'table', Key: { k: { S: 'a' } } })).toEqual({
    Item: item,
  });
  expect(await bodies(first)).toEqual([...numbered(2, 300), 'last']);
  await first.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'later' });
  first.emulator.close();

  const second = open();
  expect(await bodies(second)).toEqual([...numbered(2, 300), 'last', 'later']);
  // Two were received before the files were written, and one of them deleted.
  expect((await second.control('GET /sqs/queues')).body.queues).toMatchObject([
    { name: 'q', ready: 300, in_flight: 1 },
  ]);
  expect(notices).toEqual([]);
  second.emulator.close();
});

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `message ${from + index}`);

const bodies = async ({ control }: ReturnType<typeof lab>): Promise<string[]> =>
  (await control('GET /sqs/queues/q/messages?limit=1000')).body.messages.map(
    (message: { body: string }) => message.body,
  );
