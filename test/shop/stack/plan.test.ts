import { describe, expect, test } from 'vitest';
import { SERVICES, TABLES } from '../../../src/domain/names.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { desiredStack } from '../../../src/shop/stack/desired.ts';
import { stackNames } from '../../../src/shop/stack/names.ts';
import { SUBSCRIBED_EVENTS } from '../../../src/shop/stack/subscriptions.ts';
import { describeChanges, plan } from '../../../src/topology/plan.ts';
import { idOf, type Observed } from '../../../src/topology/resources.ts';

const identity = { account: '123456789012', region: 'eu-west-1', partition: 'aws' };
const desired = desiredStack(stackNames(), identity);
const existing = (): Observed[] => desired.map((each) => ({ ...structuredClone(each), ours: true }));

const find = (id: string) => desired.find((each) => idOf(each) === id)!;

describe('the desired stack', () => {
  test('names everything of the design once', () => {
    const ids = desired.map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('topic order-events');
    expect(ids.filter((id) => id.startsWith('queue '))).toHaveLength(2 * SERVICES.length);
    expect(ids.filter((id) => id.startsWith('subscription '))).toHaveLength(SERVICES.length);
    expect(ids.filter((id) => id.startsWith('table '))).toEqual(TABLES.map((table) => `table ${table}`));
    expect(ids.slice(-2)).toEqual(['bucket ecommerce-receipts', 'log_group /cliffracer/ecommerce']);
  });

  test('needs only what it makes, and makes nothing before what it needs', () => {
    const made = new Set<string>();
    for (const each of desired) {
      for (const need of each.needs) expect(made).toContain(need);
      made.add(idOf(each));
    }
  });

  test('a queue takes messages from this topic only, and gives up after three receives', () => {
    expect(find('queue payment-queue').attributes).toMatchObject({
      RedrivePolicy: {
        deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:payment-queue-dlq',
        maxReceiveCount: 3,
      },
      Policy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: 'arn:aws:sqs:eu-west-1:123456789012:payment-queue',
            Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:order-events' } },
          },
        ],
      },
    });
    expect(find('queue payment-queue-dlq').attributes).not.toHaveProperty('Policy');
  });

  test.each([
    ['order_created', ['inventory']],
    ['inventory_reserved', ['order', 'payment']],
    ['inventory_rejected', ['order']],
    ['payment_succeeded', ['order', 'fulfillment']],
    ['payment_failed', ['order', 'inventory']],
    ['inventory_released', ['order', 'payment']],
    ['order_fulfilled', ['order', 'inventory']],
    ['something_new', []],
  ])('%s goes to %j, and to analytics', (event, consumers) => {
    const receivers = SERVICES.filter((service) => {
      const policy = find(`subscription ${service}-queue`).attributes.FilterPolicy as { event_type?: string[] };
      return policy.event_type?.includes(event) ?? true;
    });
    expect(receivers).toEqual([...consumers, 'analytics']);
  });
});

test.each(SERVICES.filter((service) => service !== 'analytics'))('%s receives exactly what it handles', (service) => {
  expect([...SUBSCRIBED_EVENTS[service]].sort()).toEqual([...SERVICE_MODULES[service].consumes].sort());
});

describe('plan', () => {
  test('what is missing is created, with every attribute', () => {
    const steps = plan(desired, []);
    expect(steps.map(({ action }) => action)).toEqual(desired.map(() => 'create'));
    expect(steps[0]!.changes).toEqual([{ attribute: 'tags', from: undefined, to: { 'cliffracer:stack': 'default' } }]);
  });

  test('what is as it should be is unchanged, in whatever order it is found', () => {
    expect(plan(desired, existing().reverse()).map(({ action }) => action)).toEqual(desired.map(() => 'unchanged'));
  });

  test('each attribute that differs is named, from and to', () => {
    const observed = existing();
    const queue = observed.find(({ name, kind }) => kind === 'queue' && name === 'order-queue')!;
    queue.attributes = { ...queue.attributes, VisibilityTimeout: 10 };
    const analytics = observed.find(({ name, kind }) => kind === 'subscription' && name === 'analytics-queue')!;
    analytics.attributes = { ...analytics.attributes, FilterPolicy: { event_type: ['x'] }, subscriptions: 2 };
    const table = observed.find(({ name }) => name === 'orders')!;
    const { by_status, ...others } = table.attributes.indexes as Record<string, string[]>;
    table.attributes = { ...table.attributes, indexes: others };

    const updates = plan(desired, observed).filter(({ action }) => action !== 'unchanged');
    expect(updates.map(({ action, resource, changes }) => [action, resource, describeChanges(changes)])).toEqual([
      ['update', 'order-queue', 'VisibilityTimeout: 10 -> 30'],
      ['update', 'analytics-queue', 'FilterPolicy: {"event_type":["x"]} -> {}, subscriptions: 2 -> 1'],
      [
        'update',
        'orders',
        'indexes: {"by_customer":["customer_id","created_at"]} -> ' +
          '{"by_status":["status","created_at"],"by_customer":["customer_id","created_at"]}',
      ],
    ]);
    expect(by_status).toEqual(['status', 'created_at']);
  });

  test('an attribute that is not set at all is shown as none', () => {
    const observed = existing();
    const logs = observed.at(-1)!;
    const { retention_days: _, ...others } = logs.attributes;
    logs.attributes = others;
    expect(describeChanges(plan(desired, observed).at(-1)!.changes)).toBe('retention_days: none -> 14');
  });

  test("a stranger's subscription is an orphan", () => {
    const stranger: Observed = { kind: 'subscription', name: 'email a@b.example', attributes: {}, ours: false };
    expect(plan(desired, [...existing(), stranger]).at(-1)).toEqual({
      action: 'orphan',
      kind: 'subscription',
      resource: 'email a@b.example',
      changes: [],
      unset: [],
      ours: false,
    });
  });
});
