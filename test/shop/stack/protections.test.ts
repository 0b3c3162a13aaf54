import { describe, expect, test } from 'vitest';
import { onlyFromTopic, onlyOverTls, policyOf } from '../../../src/shop/stack/access-policies.ts';
import type { StackAdmin } from '../../../src/shop/stack/admin.ts';
import { desiredStack } from '../../../src/shop/stack/desired.ts';
import { stackNames } from '../../../src/shop/stack/names.ts';
import type { ResourceAdmin } from '../../../src/topology/admin.ts';
import { apply } from '../../../src/topology/apply.ts';
import { canonicalPolicy } from '../../../src/topology/canonical-policy.ts';
import { plan } from '../../../src/topology/plan.ts';
import { type Attributes, type Desired, idOf, type Observed } from '../../../src/topology/resources.ts';
import { collect } from '../../support/engines.ts';

const identity = { account: '123456789012', region: 'eu-west-1', partition: 'aws' };
const find = (desired: readonly Desired[], id: string) => desired.find((each) => idOf(each) === id)!;

/** An engine that keeps everything but some attributes. */
function forgetful(dropped: readonly string[]): {
  admin: StackAdmin;
  state: Map<string, Attributes>;
  updates: string[];
} {
  const state = new Map<string, Attributes>();
  const updates: string[] = [];
  const keep = (attributes: Attributes) =>
    Object.fromEntries(Object.entries(attributes).filter(([name]) => !dropped.includes(name)));
  const kind: ResourceAdmin = {
    observe: async (wanted) =>
      wanted.flatMap((each): Observed[] => {
        const attributes = state.get(idOf(each));
        return attributes === undefined ? [] : [{ kind: each.kind, name: each.name, attributes, ours: true }];
      }),
    create: async (each) => void state.set(idOf(each), keep(each.attributes)),
    update: async (each, changes) => {
      updates.push(idOf(each));
      const changed = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
      state.set(idOf(each), { ...state.get(idOf(each)), ...keep(changed) });
    },
    remove: async (each) => void state.delete(idOf(each)),
  };
  const kinds = {
    topic: kind,
    queue: kind,
    subscription: kind,
    table: kind,
    bucket: kind,
    log_group: kind,
    alarm: kind,
  };
  return { admin: { kinds, clearLogs: async () => 0 }, state, updates };
}

describe('an engine that does not keep every attribute', () => {
  const desired = desiredStack(stackNames(), identity);
  const run = async (admin: StackAdmin, adopt = true) =>
    (await collect(apply(admin, desired, { adopt }))).filter(({ action, detail }) => action !== 'unchanged' || detail);

  test('is not set up again for ever: what it drops is said, and counts as unchanged', async () => {
    const { admin } = forgetful(['encryption', 'SqsManagedSseEnabled']);
    expect((await run(admin)).every(({ action }) => action === 'created')).toBe(true);
    for (const _ of [2, 3]) {
      const facts = await run(admin);
      expect(new Set(facts.map(({ action }) => action))).toEqual(new Set(['unchanged']));
      expect(facts.at(-1)).toMatchObject({ kind: 'bucket', detail: 'not kept by this engine: encryption' });
      expect(facts[0]).toMatchObject({ kind: 'queue', detail: 'not kept by this engine: SqsManagedSseEnabled' });
    }
  });

  test('gets back what it would keep, and the plan does not take the rest for drift', async () => {
    const { admin, state } = forgetful(['encryption']);
    await run(admin);
    const { public_access_blocked: _, ...others } = state.get('bucket ecommerce-receipts')!;
    state.set('bucket ecommerce-receipts', others);
    const observed = await admin.kinds.bucket.observe(desired);
    const [step] = plan([find(desired, 'bucket ecommerce-receipts')], observed, { lenient: true });
    expect(step).toMatchObject({ action: 'unchanged', changes: [] });
    expect(step!.unset.map(({ attribute }) => attribute)).toEqual(['encryption', 'public_access_blocked']);
    expect(await run(admin)).toMatchObject([
      { action: 'updated', detail: 'public_access_blocked: none -> true; not kept by this engine: encryption' },
    ]);
  });

  test('AWS is no such engine: a missing protection is drift', async () => {
    const { admin, updates } = forgetful(['encryption']);
    await run(admin, false);
    const observed = await admin.kinds.bucket.observe(desired);
    const [step] = plan([find(desired, 'bucket ecommerce-receipts')], observed);
    expect(step).toMatchObject({ action: 'update', unset: [], changes: [{ attribute: 'encryption' }] });
    expect(await run(admin, false)).toMatchObject([{ action: 'updated', detail: 'encryption: none -> AES256' }]);
    expect(updates).toEqual(['bucket ecommerce-receipts']);
  });

  test('what the shop needs is never passed over', () => {
    for (const { kind, name, attributes, protections = [] } of desired) {
      expect(protections.filter((each) => /Redrive|Filter|Raw|key|index|Visibility/i.test(each))).toEqual([]);
      if (kind === 'queue' && !name.endsWith('-dlq')) expect(attributes).toHaveProperty('Policy');
    }
  });
});

describe('policies', () => {
  const queue = 'arn:aws:sqs:eu-west-1:123456789012:order-queue';
  const topic = 'arn:aws:sns:eu-west-1:123456789012:order-events';

  test.each([
    ['lists of one and their members', { Action: ['a'] }, { Action: 'a' }],
    ['the order of a list', { Action: ['b', 'a'] }, { Action: ['a', 'b'] }],
    ['the order of names', { b: '1', a: '2' }, { a: '2', b: '1' }],
    ['everybody', { Principal: { AWS: '*' } }, { Principal: '*' }],
    ['words for values', { Bool: { 'aws:SecureTransport': false } }, { Bool: { 'aws:SecureTransport': 'false' } }],
  ])('%s mean the same', (_, one, other) => {
    expect(canonicalPolicy(one)).toEqual(canonicalPolicy(other));
  });

  test.each([
    ['another effect', { Effect: 'Allow' }, { Effect: 'Deny' }],
    ['one more action', { Action: ['a', 'b'] }, { Action: 'a' }],
    ['one account and everybody', { Principal: { AWS: '123456789012' } }, { Principal: '*' }],
    ['a service and everybody', { Principal: { Service: '*' } }, { Principal: '*' }],
  ])('%s do not', (_, one, other) => {
    expect(canonicalPolicy(one)).not.toEqual(canonicalPolicy(other));
  });

  test('are unchanged in whatever form a service gives them back', () => {
    const wanted: Desired = {
      ...{ kind: 'queue', name: 'order-queue', needs: [] },
      attributes: { Policy: policyOf([onlyFromTopic(queue, topic), onlyOverTls('sqs:*', queue)]) },
    };
    const [allow, deny] = [onlyFromTopic(queue, topic), onlyOverTls('sqs:*', queue)];
    const Statement = [
      { ...deny, Principal: { AWS: '*' }, Resource: [queue] },
      { ...allow, Action: ['sqs:SendMessage'] },
    ];
    const attributes = { Policy: { Version: '2012-10-17', Statement } };
    const observed: Observed = { kind: 'queue', name: 'order-queue', attributes, ours: true };
    expect(plan([wanted], [observed])).toMatchObject([{ action: 'unchanged' }]);
    const open = { Policy: { Version: '2012-10-17', Statement: Statement.slice(1) } };
    expect(plan([wanted], [{ ...observed, attributes: open }])).toMatchObject([{ action: 'update' }]);
  });

  test('ask for TLS on AWS, not on an engine that speaks plain HTTP', () => {
    const denials = (desired: readonly Desired[]) =>
      desired.filter(({ attributes }) => JSON.stringify(attributes).includes('aws:SecureTransport')).length;
    expect(denials(desiredStack(stackNames(), identity))).toBe(0);
    // Topic, five queues, five dead-letter queues, bucket.
    expect(denials(desiredStack(stackNames(), identity, { tlsOnly: true }))).toBe(12);
  });

  test('take the partition of their region', () => {
    const china = { account: '123456789012', region: 'cn-north-1', partition: 'aws-cn' };
    const { attributes } = find(desiredStack(stackNames(), china, { tlsOnly: true }), 'bucket ecommerce-receipts');
    expect(JSON.stringify(attributes.Policy)).toContain('"arn:aws-cn:s3:::ecommerce-receipts/*"');
  });
});
