// Lambda handlers in Go (aws-lambda-go) and Python (awslambdaric) in one `cliffracer dev`: what they report, and a panic.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aws, output } from './engine.mjs';

const BIN = join(import.meta.dirname, '../../bin/cliffracer.js');
const SOURCES = import.meta.dirname;
const DEADLINE_MS = 60_000;

const reports = { reportBatchItemFailures: true, runtime: 'provided', timeout: 20 };
const consumersOf = (folder) => ({
  'lambda-python': {
    ...{ ...reports, handler: 'app.handler', queue: 'lambda-python-queue', directory: join(SOURCES, 'lambda-python') },
    command: [join(folder, 'lambda-python/venv/bin/python'), '-m', 'awslambdaric', 'app.handler'],
    env: { NEXT_QUEUE: `${process.env.AWS_ENDPOINT_URL}/000000000000/next-queue`, PYTHONDONTWRITEBYTECODE: '1' },
  },
  'go-lambda': {
    ...{ ...reports, handler: 'bootstrap', queue: 'go-lambda-queue', directory: join(folder, 'go-lambda') },
    command: ['./bootstrap'],
  },
});

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

export async function lambdaSession(folder, names) {
  const all = consumersOf(folder);
  const consumers = Object.fromEntries(names.map((name) => [name, all[name]]));
  const cwd = join(folder, 'lambda');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'cliffracer.config.json'), JSON.stringify({ consumers }, undefined, 2));
  for (const QueueName of ['next-queue', ...names.map((name) => `${name}-queue`)]) {
    await aws('AmazonSQS.CreateQueue', { QueueName, Attributes: { VisibilityTimeout: '30' } });
  }
  const dev = startDev(cwd);
  try {
    for (const name of names) await handled(dev, name);
    if (names.includes('go-lambda')) await panicked(dev);
    if (names.includes('lambda-python')) attributed();
  } finally {
    dev.stop();
  }
  const code = await dev.ended;
  if (code !== 0) throw new Error(`dev ended with ${code}`);
}

async function handled(dev, name) {
  const word = { 'lambda-python': 'python', 'go-lambda': 'go' }[name];
  const said = (text) => dev.until(`${name}: ${text}`, (fact) => fact.consumer === name && fact.text?.includes(text));
  const invoked = (what, matches) =>
    dev.until(`${name}: ${what}`, (fact) => fact.consumer === name && fact.kind === 'invoked' && matches(fact));
  output('queue', 'send', `${name}-queue`, '--body', 'hello');
  await said(`${word} hello ${name}`);
  await invoked('a message handled', ({ failed }) => failed.length === 0);
  output('queue', 'send', `${name}-queue`, '--body', 'bad');
  await invoked('a message reported', ({ failed, error }) => failed.length === 1 && error === undefined);
}

/** A panic fails its batch, and another process goes on. */
async function panicked(dev) {
  output('queue', 'send', 'go-lambda-queue', '--body', 'panic');
  const failed = ({ consumer, kind, error }) => consumer === 'go-lambda' && kind === 'invoked' && error !== undefined;
  const { error } = await dev.until('go: a panic', failed);
  if (error.message !== 'no such order') throw new Error(`the panic says ${JSON.stringify(error)}`);
  output('queue', 'send', 'go-lambda-queue', '--body', 'again');
  await dev.until('go: a message after it', ({ text }) => text?.includes('go again go-lambda'));
}

/** A call of the handler belongs to its message, by the trace header. */
function attributed() {
  const { calls } = JSON.parse(output('calls', 'list', '--as', 'lambda-python', '--json'));
  const sent = calls.find(({ operation }) => operation === 'SendMessage');
  if (sent?.certainty !== 'exact')
    throw new Error(`the call of the handler is not attributed: ${JSON.stringify(sent)}`);
}
