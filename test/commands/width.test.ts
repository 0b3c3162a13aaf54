import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTRIES } from '../../src/commands/index.ts';
import { Session } from '../support/session.ts';

const WIDTHS = [80, 60];
const SCOPE = { account: '000000000000', region: 'us-east-1' };

/** Every command whose text is laid out for a person: lines that show what there is to show. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  up: ['up'],
  health: ['health', 'health --deep'],
  ps: ['ps'],
  'config show': ['config show'],
  conformance: ['conformance --areas S3'],
  provision: ['provision', 'provision --plan', 'provision --plan --stack other'],
  diff: ['diff', 'diff --stack other'],
  lint: ['lint'],
  'order create': ['order create --customer ada --item laptop-pro:1 --item keyboard:2 --item smartphone-x:3'],
  'order list': ['order list'],
  'order show': ['order show @last', 'order show FULFILLED', 'order show CANCELLED'],
  'order cancel': ['order cancel @last'],
  'order retry': ['order retry @last', 'order retry FULFILLED'],
  drain: ['drain'],
  demo: ['demo --orders 2'],
  audit: ['audit', 'audit --repair'],
  trace: [
    'trace inventory/laptop-pro',
    'trace inventory/laptop-pro --format timeline',
    'trace FULFILLED',
    'trace CANCELLED',
    'trace @last',
    'trace FULFILLED --format timeline',
  ],
  'calls list': ['calls', 'calls --failed'],
  'calls show': ['calls show 40', 'calls show 92'],
  'export otlp': ['export otlp /dev/null'],
  why: ['why @last', 'why payment-queue', 'why payment-queue-dlq'],
  blame: ['blame inventory laptop-pro', 'blame orders FULFILLED'],
  'dlq list': ['dlq list'],
  'dlq show': ['dlq show payment'],
  'dlq redrive': ['dlq redrive payment --dry-run'],
  'inspect inventory': ['inspect inventory'],
  'inspect orders': ['inspect orders'],
  'inspect receipts': ['inspect receipts', 'inspect receipts FULFILLED'],
  'inspect customers': ['inspect customers'],
  'inspect queues': ['inspect queues'],
  'inspect metrics': ['inspect metrics'],
  'inspect logs': ['inspect logs'],
  'clock show': ['clock show'],
  'clock advance': ['clock advance 30s'],
  'queue peek': ['queue peek payment-queue-dlq'],
  'queue list': ['queue list'],
  'queue send': ['queue send payment-queue-dlq --body x'],
  'queue hold': ['queue hold payment-queue-dlq --where "body ~ x"'],
  'queue release': ['queue release', 'queue release --all'],
  'topic list': ['topic list'],
  'topic publish': ['topic publish order-events --body x'],
  'fault add': ['fault add sns:Publish error InternalError after 10%'],
  'fault list': ['fault list'],
  'fault clear': ['fault clear'],
  'snapshot save': ['snapshot save one'],
  'snapshot list': ['snapshot list'],
  'snapshot diff': ['snapshot diff one'],
  'chaos storm': ['chaos --orders 3 --seed 1', 'chaos --orders 2 --seed 1 --trace'],
  'chaos explore': ['chaos explore --seeds 1 --orders 2 --threads 1'],
};

/** Commands whose text is another program's, or one of the views above. */
const WITHOUT_VIEW = [
  'down',
  'env',
  'exec',
  'step',
  'debug',
  'replay',
  'watch',
  'check',
  'dev',
  'console',
  'completion',
  'doctor',
  'logs',
  'destroy',
  'reset',
  'run',
  'dlq purge',
  'dlq try',
].concat(...['clock freeze', 'clock resume', 'clock next', 'snapshot load', 'snapshot delete', 'queue purge']);

let session: Session;
const ids = { FULFILLED: '', CANCELLED: '' };
beforeAll(async () => {
  session = await new Session().provisioned();
  const email = '--email grace.hopper.of.the.eniac@example.com';
  const placed = [
    await session.run('order create --customer ada --item laptop-pro:1 --item keyboard:2 --json'),
    await session.run(
      `order create --customer hopper --name "Grace Brewster Murray Hopper" ${email} --item tablet-air:2 --payment decline --json`,
    ),
  ];
  [ids.FULFILLED, ids.CANCELLED] = placed.map((outcome) => outcome.json().order.order_id) as [string, string];
  await session.run('snapshot save one');
  await session.run('drain');
  await session.run('order create --customer ada --item keyboard:1 --payment error');
  for (const queue of ['payment-queue-dlq', 'inventory-queue', 'order-queue']) {
    const input = {
      QueueUrl: `${session.endpoint}/000000000000/${queue}`,
      MessageBody: `not an event ${'x'.repeat(120)}`,
    };
    await session.emulator!.engine.call({ service: 'sqs', operation: 'SendMessage', ...SCOPE, input });
  }
  for (const key of ['receipts/somebody-elses-report-of-the-year-2026.json', 'receipts/ord_1kdwpvng00000000.json']) {
    const input = { Bucket: 'ecommerce-receipts', Key: key, Body: Buffer.from('{}') };
    await session.emulator!.engine.call({ service: 's3', operation: 'PutObject', ...SCOPE, input });
  }
});
afterAll(() => session.close());

const wider = (text: string, width: number) => text.split('\n').filter((line) => stringWidth(line) > width);

test('every command is here', () => {
  const known = new Set([...Object.keys(LINES), ...WITHOUT_VIEW]);
  expect(ENTRIES.map(({ path }) => path).filter((path) => !known.has(path))).toEqual([]);
});

describe.each(WIDTHS)('in a terminal of %i columns', (width) => {
  test.each(Object.values(LINES).flat())('%s: no line is wider', async (line) => {
    const { code, stdout, stderr } = await session.run(
      line.replace('FULFILLED', ids.FULFILLED).replace('CANCELLED', ids.CANCELLED),
      { terminal: width },
    );
    expect(code === 2 ? stderr : '').toBe('');
    expect(stdout + stderr).not.toBe('');
    expect(wider(stdout + stderr, width)).toEqual([]);
  });

  test.each(['', ...ENTRIES.map(({ path }) => path)])('%s --help: no line is wider', async (path) => {
    const { stdout } = await session.run(`${path} --help`, { terminal: width });
    expect(stdout).not.toBe('');
    expect(wider(stdout, width)).toEqual([]);
  });

  test.each(['order show nobody', 'order list --region eu-west-1', 'drain --stpe'])(
    '%s: the error fits',
    async (line) => {
      const { stderr } = await session.run(line, { terminal: width });
      expect(stderr).toContain('error:');
      expect(wider(stderr, width)).toEqual([]);
    },
  );
});
