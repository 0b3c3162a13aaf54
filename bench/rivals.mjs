import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const run = promisify(execFile);

/** A job of ours, and the nearest that another tool's command does, both at the same engine. */
const JOBS = [
  ['health', ['localstack', 'status', 'services']],
  ['inspect orders', ['aws', 'dynamodb', 'scan', '--table-name', 'orders']],
  ['inspect queues', ['aws', 'sqs', 'list-queues']],
  ['inspect receipts', ['aws', 's3', 'ls', 's3://ecommerce-receipts/receipts/']],
  ['inspect logs', ['aws', 'logs', 'filter-log-events', '--log-group-name', '/cliffracer/ecommerce']],
];

const isHere = (command) => process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, command)));

/** Other tools' commands beside ours; those that are not on PATH are left out, and named. */
export async function rivals({ rounds }) {
  const program = await new Program().open();
  const host = new URL(program.endpoint).host;
  const env = {
    ...{
      PATH: process.env.PATH,
      HOME: program.home,
      AWS_ENDPOINT_URL: program.endpoint,
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', GATEWAY_LISTEN: host, LOCALSTACK_HOST: host },
  };
  const theirs = async ([command, ...args]) => {
    const started = performance.now();
    // AWS CLI v1 does not heed AWS_ENDPOINT_URL for every service.
    await run(command, command === 'aws' ? [...args, '--endpoint-url', program.endpoint] : args, { env });
    return performance.now() - started;
  };
  const rows = [];
  try {
    await program.run('up');
    await program.run('order create --customer ada --item keyboard:1 --count 5');
    await program.run('drain');
    for (const [line, other] of JOBS) {
      const what = `\`cliffracer ${line}\` beside \`${other.slice(0, 3).join(' ')}\``;
      if (!isHere(other[0])) {
        rows.push({ what, value: `${other[0]} is not on PATH` });
        continue;
      }
      const own = async () => (await program.run(line)).ms;
      const samples = await inTurn(Math.ceil(rounds / 2), { own, other: () => theirs(other) });
      const [mine, others] = [median(samples.own), median(samples.other)];
      const value = `${mine.toFixed(0)} and ${others.toFixed(0)} ms: ${(others / mine).toFixed(1)} times as fast`;
      rows.push({ what, value, target: 'faster', reached: mine < others });
    }
    return rows;
  } finally {
    await program.close();
  }
}
