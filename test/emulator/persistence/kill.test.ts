import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lab } from '../control/lab.ts';
import { temporaryDirectory } from './directory.ts';

const source = (path: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../../src/emulator/${path}`, import.meta.url)));

/** An engine in a process of its own that sends messages for ever and says which ones were acknowledged. */
const PROGRAM = `
import { createEmulator } from ${source('index.ts')};
const { engine } = createEmulator({ dataDirectory: process.argv[2], onNotice: (notice) => console.log('notice ' + notice) });
const call = (operation, input) => engine.call({ account: '000000000000', region: 'us-east-1', service: 'sqs', operation, input });
const { QueueUrl } = await call('CreateQueue', { QueueName: 'q' });
for (let index = Number(process.argv[3]); ; index++) {
  await call('SendMessage', { QueueUrl, MessageBody: String(index) });
  process.stdout.write('sent ' + index + '\\n');
}`;

let program: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  const made = await build({
    stdin: { contents: PROGRAM, resolveDir: '/' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  program = made.outputFiles[0]!.text;
});

afterEach(() => child?.kill('SIGKILL'));

/** Lets the engine send from \`from\` on, and kills it after \`count\` acknowledgements; returns the last one. */
async function runAndKill(
  directory: string,
  from: number,
  count: number,
): Promise<{ last: number; notices: string[] }> {
  const started = spawn(process.execPath, ['--input-type=module', '-', directory, String(from)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  // Its output ends a moment before it does, and with it its claim on the directory.
  const ended = once(started, 'exit');
  started.stdin!.end(program);
  const notices: string[] = [];
  let last = from - 1;
  for await (const line of createInterface({ input: started.stdout! })) {
    if (line.startsWith('notice')) notices.push(line);
    else last = Number(line.slice('sent '.length));
    if (last === from + count - 1) started.kill('SIGKILL');
  }
  await ended;
  return { last, notices };
}

describe('kill -9', () => {
  it('loses nothing that was acknowledged, again and again', async () => {
    const directory = join(temporaryDirectory(), 'data');
    let from = 0;
    for (const count of [1, 50, 150]) {
      const { last, notices } = await runAndKill(directory, from, count);
      // A kill in the midst of a write leaves half a record, of what nobody was told is kept; nothing else may be noticed.
      for (const notice of notices) expect(notice).toMatch(/half an entry that nobody was told is kept/);
      from = last + 1;
    }
    const { emulator, control } = lab({ dataDirectory: directory });
    const { messages } = (await control('GET /sqs/queues/q/messages?limit=1000')).body;
    const bodies = new Set(messages.map((message: { body: string }) => Number(message.body)));
    for (let index = 0; index < from; index++) expect(bodies.has(index), String(index)).toBe(true);
    emulator.close();
    // Each acknowledgement waited for the disk, and a busy machine's disk may take a tenth of a second.
  }, 120_000);
});
