import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BIN, Running, Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
  folder = join(sandbox.home, 'project');
  mkdirSync(join(folder, 'functions'), { recursive: true });
  write('cliffracer.config.mjs', CONFIG);
  write('functions/orders.mjs', handler('v1'));
  write('functions/payments.cjs', COMMON_JS);
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const CONFIG = `export default {
  topology: 'shop',
  consumers: {
    orders: { handler: 'functions/orders.handler', queue: 'order-queue', reportBatchItemFailures: true },
    payments: { handler: 'functions/payments.deep.handler', queue: 'payment-queue' },
    loop: { command: [process.execPath, '-e', 'console.log("polling \\u001b[31mas " + process.env.AWS_SDK_UA_APP_ID); setInterval(() => {}, 1000)'] },
  },
};
`;
const handler = (version: string) => `
await Promise.resolve();
export const handler = async ({ Records }, context) => {
  const left = context.getRemainingTimeInMillis();
  console.log('${version}', Records[0].body, Records[0].eventSource, left > 0 && left <= 3000, context.functionName);
  const bad = Records.filter(({ body }) => body === 'bad');
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;
const COMMON_JS = `
exports.deep = { handler: (event, context, callback) => {
  if (event.Records[0].body === 'throw') throw new TypeError('no such payment');
  console.log(process.env._X_AMZN_TRACE_ID.startsWith('Root=1-'), process.env._HANDLER);
  callback(null, 'paid');
} };
`;

test('handlers in ES modules and CommonJS, a program that polls, a change, and Ctrl-C', {
  timeout: TIMEOUT,
}, async () => {
  const running = startIn(folder, ['dev', '--watch', '--json']);
  await running.until(/"consumer":"loop","kind":"line".*polling .*31mas loop/);
  await sandbox.ready('queue send order-queue --body one');
  await running.until(/"consumer":"orders","kind":"line","stream":"stdout","text":"v1 one aws:sqs true orders"/);
  await running.until(/"consumer":"orders","kind":"invoked".*"failed":\[\]/);
  await sandbox.ready('queue send order-queue --body bad');
  await running.until(/"consumer":"orders","kind":"invoked".*"failed":\["[0-9a-f-]+"\]/);
  await sandbox.ready('queue send payment-queue --body pay');
  await running.until(/"consumer":"payments".*"text":"true functions\/payments\.deep\.handler"/);
  await sandbox.ready('queue send payment-queue --body throw');
  await running.until(/"consumer":"payments","kind":"invoked".*"type":"TypeError","message":"no such payment"/);
  write('functions/orders.mjs', handler('v2'));
  await running.until(/"consumer":"orders","kind":"changed","file":"functions\/orders\.mjs"/);
  await sandbox.ready('queue send order-queue --body two');
  await running.until(/"text":"v2 two aws:sqs true orders"/);
  write('functions/orders.mjs', 'const one = 1;\nexport const handler = ;');
  await running.until(/"consumer":"orders".*"text":"file:[^"]*functions\/orders\.mjs:2"/);
  running.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a second Ctrl-C kills at once what does not heed the first', { timeout: TIMEOUT }, async () => {
  const stubborn =
    'process.on("SIGTERM", () => console.log("asked to end")); setInterval(() => {}, 1000); console.log("up " + process.pid)';
  const consumers = { stubborn: { command: [process.execPath, '-e', stubborn] } };
  write('cliffracer.config.mjs', `export default ${JSON.stringify({ consumers })};`);
  const running = startIn(folder, ['dev', '--json']);
  await running.until(/"text":"up \d+"/);
  running.kill('SIGINT');
  await running.until('asked to end');
  running.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  const pid = Number(/"text":"up (\d+)"/.exec(stdout)?.[1]);
  await expect.poll(() => isRunning(pid), { timeout: TIMEOUT }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('defineConfig comes with the package', async () => {
  const script =
    "import('cliffracer').then(({ defineConfig }) => console.log(JSON.stringify(defineConfig({ port: 1 }))))";
  const { code, stdout } = await new Running(process.execPath, ['-e', script], sandbox.environment()).ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"port":1}\n' });
});

/** `dev` in a folder of its own: the configuration is searched for from there. */
function startIn(cwd: string, args: readonly string[]): Running {
  const script = 'process.chdir(process.argv[1]); process.argv.splice(1, 2, process.argv[2]); require(process.argv[1])';
  return new Running(process.execPath, ['-e', script, cwd, BIN, ...args], sandbox.environment());
}
