// What the sessions ask of the program and of its engine.
import { spawn, spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../bin/cliffracer.js');
const { AWS_ENDPOINT_URL: endpoint } = process.env;
const DEADLINE_MS = 60_000;

export function cliffracerIn(options, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', ...options });
  return { code: status, stdout, stderr };
}

export const cliffracer = (...args) => cliffracerIn({}, ...args);

/** What a command prints, which has to end with 0. */
export function output(...args) {
  const { code, stdout, stderr } = cliffracer(...args);
  if (code !== 0) throw new Error(`cliffracer ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** Another engine at the same address: it knows nothing of what was before, and carries out no late call of it. */
export function freshEngine() {
  output('down');
  output('up', '--no-provision', '--engine', 'embedded', '--port', new URL(endpoint).port);
}

/** What `check` finds, and its exit code. */
export function checkedIn(options, ...args) {
  const { code, stdout, stderr } = cliffracerIn(options, 'check', '--json', ...args);
  expect('check', stdout.startsWith('{'), stderr);
  return { code, ...JSON.parse(stdout) };
}

/** The program, going on beside this one, in a process group of its own. */
export function start(cwd, env, ...args) {
  const child = spawn(process.execPath, [BIN, ...args], {
    ...{ cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return {
    ended,
    said: () => said,
    signal: (name) => child.exitCode ?? child.signalCode ?? process.kill(-child.pid, name),
  };
}

/** Each on a connection of its own: one that is kept may end unseen while `spawnSync` holds this process up. */
function call(method, path, headers = {}, body = '') {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, endpoint), { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${text}`))));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

export async function aws(target, input) {
  const service = target.startsWith('AmazonSQS') ? 'sqs' : 'dynamodb';
  const credential = `Credential=test/20260101/us-east-1/${service}/aws4_request`;
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
  };
  const text = await call('POST', '/', headers, JSON.stringify(input));
  return text === '' ? {} : JSON.parse(text);
}

/** A request to the control interface. */
const control = async (method, path, body) =>
  JSON.parse(await call(method, `/_cliffracer${path}`, { 'content-type': 'application/json' }, JSON.stringify(body)));

/** Moves a message to another queue. */
export const move = (queue, message, to) => control('POST', `/sqs/queues/${queue}/redrive`, { message, to });

/** Holds the next call of an operation before it acts; answers a wait for it. `fault clear` refuses what is held. */
export async function holdCall(operation) {
  const { fault } = await control('POST', '/faults', { rule: `${operation} error AccessDenied before 1`, pause: true });
  return async (program) => {
    const { waiting } = await control('GET', `/faults/${fault.id}/paused?wait=30000`);
    expect(`${operation} is called`, waiting === 1, program.said());
  };
}

/** Waits until somebody polls a queue. */
export async function polled(queue, program) {
  const { waiting } = await control('GET', `/sqs/queues/${queue}/receivers?at_least=1&wait=30000`);
  if (waiting > 0) return;
  throw new Error(`nobody polls ${queue}; the program said: ${program.said()}`);
}

/** Asks again until it is so. */
export async function until(what, isSo) {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await isSo();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const depths = async (queue) =>
  JSON.parse(output('queue', 'list', '--json')).queues.find((each) => each.queue === queue);

/** Fails with what was found instead. */
export function expect(what, holds, found) {
  if (!holds) throw new Error(`${what}: ${typeof found === 'string' ? found : JSON.stringify(found)}`);
}
