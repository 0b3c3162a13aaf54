import type { Dice } from './dice.ts';
import { encode, type FuzzRequest } from './encode.ts';
import { AWKWARD_NAMES, weirdValue } from './weird.ts';

const PATHS = [
  ...['clock', 'clock/freeze', 'clock/resume', 'clock/advance', 'clock/next', 'sqs/queues', 'sqs/queues/jobs/messages'],
  ...['sqs/queues/jobs', 'sqs/queues/jobs/hold', 'sqs/queues/jobs/release'],
  ...[
    'sns/confirmations',
    'faults',
    'faults/1',
    'snapshots',
    'snapshots/one',
    'snapshots/one/load',
    'snapshots/one/diff',
  ],
  ...['reset', '', '..', 'nothing', 'sqs/queues/%zz/messages', 'snapshots/..%2f..%2fx'],
];
const QUERIES = [
  '',
  '',
  'state=in-flight',
  'state=x',
  'limit=-1',
  'limit=5',
  'account=1',
  'account=111111111111',
  'region=../x',
  'with=one',
  'with=__proto__',
];
const RULE = [
  'sqs',
  'sqs:DeleteMessage',
  'dynamodb',
  '*',
  'drop',
  'throttle',
  'latency',
  'duplicate',
  'reorder',
  'error',
  '1',
  '5%',
  '200ms',
  'X',
];

/** Requests to the engine's own interface: its clock, faults and snapshots, with bodies of every kind. */
export function controlRequest(dice: Dice): FuzzRequest {
  const path = dice.chance(0.05) ? encode(dice.pick(AWKWARD_NAMES)) : dice.pick(PATHS);
  const query = dice.pick(QUERIES);
  const url = `/_cliffracer/${path}${query === '' ? '' : `?${query}`}`;
  const method = dice.weighted<string>([
    [5, 'GET'],
    [5, 'POST'],
    [2, 'DELETE'],
    [1, 'PUT'],
  ]);
  const body = dice.weighted<unknown>([
    [3, { ms: dice.pick([0, 1, 1000, 10 ** 9, -1, 1e300, '5', null]) }],
    [3, { rule: dice.soup(RULE, 4), seed: dice.pick([undefined, 1, 1.5, 'x']) }],
    [2, weirdValue(dice)],
    [1, undefined],
  ]);
  return {
    method,
    url,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body) ?? ''),
    label: `control ${path}`,
  };
}
