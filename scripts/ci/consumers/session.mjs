// Lambda handlers in other languages behind `cliffracer dev`. Usage: session.mjs FOLDER LANGUAGE...
// FOLDER/python has a virtual environment `venv`, FOLDER/go the handler as `bootstrap`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../../bin/cliffracer.js');
const SOURCES = import.meta.dirname;
const DEADLINE_MS = 120_000;
const [folder, ...languages] = process.argv.slice(2);

const reports = { reportBatchItemFailures: true, runtime: 'provided' };
const CONSUMERS = {
  python: {
    ...{ ...reports, handler: 'app.handler', queue: 'python-queue', directory: join(SOURCES, 'python') },
    command: [join(folder, 'python/venv/bin/python'), '-m', 'awslambdaric', 'app.handler'],
    env: { NEXT_QUEUE: `${process.env.AWS_ENDPOINT_URL}/000000000000/next-queue`, PYTHONDONTWRITEBYTECODE: '1' },
  },
  go: {
    ...{ ...reports, handler: 'bootstrap', queue: 'go-queue', directory: join(folder, 'go') },
    command: ['./bootstrap'],
  },
};

function cliffracer(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cliffracer ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** `dev` in its folder; resolves with facts as they come. */
function startDev(cwd) {
  const child = spawn(process.execPath, [BIN, 'dev', '--json'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const facts = [];
  const waiting = new Set();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      console.log(line);
      facts.push(JSON.parse(line));
    }
    for (const check of waiting) check();
  });
  const until = (what, matches) =>
    new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`never came: ${what}`)), DEADLINE_MS);
      const check = () => {
        const found = facts.find(matches);
        if (found === undefined) return;
        clearTimeout(deadline);
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { until, ended, stop: () => child.kill('SIGINT') };
}

/** Makes queues on the engine of AWS_ENDPOINT_URL, with a short visibility timeout. */
async function makeQueues(names) {
  for (const QueueName of names) {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.CreateQueue',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify({ QueueName, Attributes: { VisibilityTimeout: '10' } }),
    });
    if (!answer.ok) throw new Error(`CreateQueue ${QueueName}: ${await answer.text()}`);
  }
}

mkdirSync(folder, { recursive: true });
const consumers = Object.fromEntries(languages.map((name) => [name, CONSUMERS[name]]));
writeFileSync(join(folder, 'cliffracer.config.json'), JSON.stringify({ consumers }, undefined, 2));
await makeQueues(['next-queue', ...languages.map((name) => `${name}-queue`)]);

const dev = startDev(folder);
try {
  for (const name of languages) {
    const said = (text) => dev.until(`${name}: ${text}`, (fact) => fact.consumer === name && fact.text?.includes(text));
    const invoked = (what, matches) =>
      dev.until(`${name}: ${what}`, (fact) => fact.consumer === name && fact.kind === 'invoked' && matches(fact));
    cliffracer('queue', 'send', `${name}-queue`, '--body', 'hello');
    await said(`${name} hello ${name}`);
    await invoked('a message handled', ({ failed }) => failed.length === 0);
    cliffracer('queue', 'send', `${name}-queue`, '--body', 'bad');
    await invoked('a message reported', ({ failed, error }) => failed.length === 1 && error === undefined);
    console.log(`${name}: handled and reported`);
  }
  if (languages.includes('go')) {
    cliffracer('queue', 'send', 'go-queue', '--body', 'panic');
    const failed = ({ consumer, kind, error }) => consumer === 'go' && kind === 'invoked' && error !== undefined;
    const { error } = await dev.until('go: a panic', failed);
    if (error.message !== 'no such order') throw new Error(`the panic says ${JSON.stringify(error)}`);
    cliffracer('queue', 'send', 'go-queue', '--body', 'again');
    await dev.until('go: a message after it', ({ text }) => text?.includes('go again go'));
    console.log('go: a panic fails its batch, and another process goes on');
  }
  if (languages.includes('python')) {
    const { calls } = JSON.parse(cliffracer('calls', 'list', '--json'));
    const sent = calls.find(({ caller, operation }) => caller === 'python' && operation === 'SendMessage');
    if (sent?.certainty !== 'exact')
      throw new Error(`the call of the handler is not attributed: ${JSON.stringify(sent)}`);
    console.log('python: its call belongs to its message');
  }
} finally {
  dev.stop();
}
const code = await dev.ended;
if (code !== 0) throw new Error(`dev ended with ${code}`);
