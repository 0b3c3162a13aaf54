import { expect, test } from 'vitest';
import { hasIdentity, sentAgain } from '../../../src/lab/check/identity.ts';
import { poisonsFor } from '../../../src/lab/check/poison.ts';
import { scrubbed } from '../../../src/lab/check/scrub.ts';

const ENVELOPE = JSON.stringify({
  ...{ Type: 'Notification', MessageId: '4ac39b5e-3d1f-4f4e-9d0f-0a1b2c3d4e5f' },
  Message: '{"order_id":"o-1"}',
});

test.each([
  ['{"order_id":"o-1"}', [], true],
  ['{"detail":{"eventId":7}}', [], true],
  ['{"customer_id":"ada","amount":10}', [], false],
  ['{"amount":10}', [], false],
  ['no json', [], false],
  [ENVELOPE, [], true],
  ['{"sale":"s-1"}', ['sale'], true],
  ['{"order_id":"o-1"}', ['sale'], false],
])('%s, correlated by %j: %s', (body, paths, has) => expect(hasIdentity(body, paths)).toBe(has));

test('a message of a topic is sent again in an envelope of its own', () => {
  const again = JSON.parse(sentAgain(ENVELOPE));
  expect(again.MessageId).not.toBe(JSON.parse(ENVELOPE).MessageId);
  expect(again.Message).toBe('{"order_id":"o-1"}');
  expect(sentAgain('{"order_id":"o-1"}')).toBe('{"order_id":"o-1"}');
});

test('poison after a message', () => {
  expect(poisonsFor('jobs', '{"id":"a","version":1}').map(({ kind, body }) => `${kind} ${body}`)).toEqual([
    'garbage {"cliffracer": not json',
    'empty {}',
    'version {"id":"a","version":999}',
    'without-id {"version":1}',
    'without-version {"id":"a"}',
  ]);
  const inside = poisonsFor('jobs', ENVELOPE).find(({ kind }) => kind === 'without-order_id');
  expect(JSON.parse(inside!.body)).toMatchObject({ Type: 'Notification', Message: '{}' });
});

test.each([
  ['at 2026-11-30T09:26:57.123Z', 'at <time>'],
  ['receipts/2026-11-30/o-1.json', 'receipts/<time>/o-1.json'],
  ['1796034553', '<time>'],
  ['{"expires":1796034553650}', '{"expires":<time>}'],
  ['4ac39b5e-3d1f-4f4e-9d0f-0a1b2c3d4e5f', '<id>'],
  ['o-100001', 'o-100001'],
  ['12345678901', '12345678901'],
])('%s without what differs by nature: %s', (text, rest) => expect(scrubbed(text)).toBe(rest));
