// Checks consumers in Python and Go with the built program: wrong ones have to be found, right ones have to hold.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [, , work, ...languages] = process.argv;
const root = resolve(import.meta.dirname, '../../..');
const program = join(root, 'bin/cliffracer.js');
let passed = 0;
let failed = 0;

function run(args, cwd) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd, maxBuffer: 64 * 1024 * 1024 });
}

function must(args) {
  const { status, stdout, stderr } = run(args);
  if (status !== 0) throw new Error(`${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

const TEMPLATE = {
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs-dead' } },
    Jobs: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'jobs',
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
      },
    },
    ...Object.fromEntries(
      ['orders', 'totals', 'idempotency'].map((name) => [
        name,
        {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: name,
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          },
        },
      ]),
    ),
  },
};

const folder = mkdtempSync(join(work, 'check.'));
const file = (name, value) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
must(['provision', '--template', file('template.json', TEMPLATE)]);
const messages = file(
  'messages.json',
  [
    { order_id: 'o-1', total: 10 },
    { order_id: 'o-2', total: 5 },
  ].map((body) => ({ queue: 'jobs', body })),
);

/** `wanted`: the first cases of the counterexamples that have to be found; empty for one that is right. */
function check(name, command, only, wanted, more = ['--message', messages]) {
  const started = performance.now();
  const { status, stdout, stderr } = run(['check', '--json', '--only', only, ...more, '--', ...command], folder);
  const seconds = Math.round((performance.now() - started) / 1000);
  let found = [];
  let verdict = {};
  try {
    verdict = JSON.parse(stdout);
    found = verdict.failures.map(({ id }) => id);
  } catch {
    found = [`no verdict: ${stdout}${stderr}`];
  }
  const runs = verdict.tallies?.reduce((sum, tally) => sum + tally.runs, 0);
  const holds = status === (wanted.length > 0 ? 1 : 0) && wanted.every((id) => found.includes(id)) && runs > 0;
  const surplus = wanted.length === 0 && found.length > 0;
  if (holds && !surplus) passed++;
  else failed++;
  console.log(
    `${holds && !surplus ? 'ok' : 'not ok'} ${name}: ${runs} runs in ${seconds} s, found ${found.join(', ') || 'nothing'}`,
  );
  if (!holds || surplus) console.log(`${stdout}${stderr}`.slice(0, 4_000));
}

const ALL = 'duplicate,error,crash,order,partial,poison,slow,conserve';
if (languages.includes('python')) {
  const python = join(work, 'venv/bin/python');
  const consumer = (name) => [python, join(root, `scripts/ci/check/${name}.py`)];
  check('deletes first, reads and writes back (Python)', consumer('wrong'), 'duplicate,crash', [
    'duplicate:0',
    'crash-after:0.0',
  ]);
  check('a transaction with a marker (Python)', consumer('right'), ALL, []);
  check('Powertools idempotency on DynamoDB (Python)', consumer('powertools'), ALL, []);
}
if (languages.includes('go')) {
  check('a counter by ADD (Go)', [join(work, 'counter')], 'duplicate,crash', ['duplicate:0', 'crash-after:0.0']);
}
// The shop's own services, with an order as the scenario: as many cases as there is time for, in another order each day.
const stack = ['--stack', 'shop'];
must(['provision', ...stack]);
const order = ['order', 'create', ...stack, '--customer', 'ada', '--item', 'laptop-pro:1'];
file('cliffracer.config.json', { scenario: { command: [process.execPath, program, ...order] } });
const day = String(Math.floor(Date.now() / 86_400_000));
check(
  "the shop's own services",
  [process.execPath, program, 'run', ...stack],
  ALL,
  [],
  ['--budget', '120s', '--seed', day],
);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
