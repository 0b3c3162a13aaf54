import { isDeepStrictEqual } from 'node:util';
import type { Subscription } from '@aws-sdk/client-sns';
import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Attributes, Joined, Observed, Resource } from '../../topology/resources.ts';
import type { AwsCalls, Call } from '../call.ts';
import { awsErrorOf } from '../errors.ts';
import { eventually } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { wireValue } from './wire-values.ts';

const LISTED_WITHIN_MS = 30_000;
// In this order: a policy is checked against the scope that is set.
const ATTRIBUTES = ['RawMessageDelivery', 'FilterPolicyScope', 'FilterPolicy', 'RedrivePolicy'] as const;

/**
 * Subscriptions of queues to topics. Engines disagree about subscribing twice (refused, ignored, overwritten, doubled), so
 * nothing is left to it: they are listed first, attributes are set one by one and then read back.
 */
export async function createSubscriptionAdmin(calls: AwsCalls): Promise<ResourceAdmin> {
  const { call } = calls;
  const list = async (topic: string) => (await ifPresent(listSubscriptions(call, topic))) ?? [];
  const between = async ({ topic, endpoint }: Joined) => {
    return (await list(topic)).filter((each) => each.Endpoint === endpoint).map((each) => each.SubscriptionArn!);
  };
  const setAttributes = async (SubscriptionArn: string, wanted: Attributes) => {
    const current = await readAttributes(call, SubscriptionArn);
    for (const AttributeName of ATTRIBUTES) {
      const value = wanted[AttributeName];
      if (value === undefined || isDeepStrictEqual(current[AttributeName], value)) continue;
      const AttributeValue = wireValue(value);
      await call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    }
  };

  return {
    async observe(wanted) {
      const topics = [...new Set(wanted.map(({ joins }) => joins!.topic))];
      const found = await Promise.all(
        topics.map(async (topic) => observeTopic(call, ofTopic(wanted, topic), await list(topic))),
      );
      return found.flat();
    },
    async create({ name, attributes, joins }) {
      const what = `the subscription of ${name} being listed`;
      const arn =
        (await subscribe(call, joins!, attributes)) ??
        (await eventually(what, LISTED_WITHIN_MS, calls.pauses, async () => (await between(joins!))[0]));
      await setAttributes(arn, attributes);
    },
    async update({ attributes, joins }: Resource) {
      const [first, ...more] = await between(joins!);
      for (const SubscriptionArn of more) await call('sns', 'Unsubscribe', { SubscriptionArn });
      if (first === undefined) await subscribe(call, joins!, attributes);
      else await setAttributes(first, attributes);
    },
    async remove({ joins }) {
      for (const SubscriptionArn of await between(joins!)) {
        await ifPresent(call('sns', 'Unsubscribe', { SubscriptionArn }));
      }
    },
  };
}

const ofTopic = (wanted: readonly Resource[], topic: string) => wanted.filter(({ joins }) => joins!.topic === topic);

/** The wanted subscriptions that one topic has, and whatever else hangs on it. */
async function observeTopic(
  call: Call,
  wanted: readonly Resource[],
  listed: readonly Subscription[],
): Promise<Observed[]> {
  const endpoints = new Set(wanted.map(({ joins }) => joins!.endpoint));
  const strangers = listed.filter(({ Endpoint }) => !endpoints.has(Endpoint!));
  const found = await Promise.all(wanted.map((each) => observeQueue(call, each, listed)));
  return [
    ...found.filter((each) => each !== undefined),
    ...strangers.map(({ Protocol, Endpoint }): Observed => {
      return { kind: 'subscription', name: `${Protocol} ${Endpoint}`, attributes: {}, ours: false };
    }),
  ];
}

/** Resolves with the subscription's ARN where the answer has one. */
async function subscribe(call: Call, { topic: TopicArn, endpoint: Endpoint }: Joined, attributes: Attributes) {
  // An empty policy lets everything through only where it is set later; here it is left out.
  const given = ATTRIBUTES.filter((name) => attributes[name] !== undefined && !isDeepStrictEqual(attributes[name], {}));
  const Attributes = Object.fromEntries(given.map((name) => [name, wireValue(attributes[name]!)]));
  try {
    const command = { TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await call('sns', 'Subscribe', command);
    return SubscriptionArn?.startsWith('arn:') ? SubscriptionArn : undefined;
  } catch (error) {
    // Subscribed meanwhile, with other attributes; these are set next.
    if (!/already exists/.test(awsErrorOf(error)?.message ?? '')) throw error;
    return undefined;
  }
}

export async function listSubscriptions(call: Call, TopicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let token: string | undefined;
  do {
    const page = await call('sns', 'ListSubscriptionsByTopic', { TopicArn, NextToken: token });
    found.push(...(page.Subscriptions ?? []));
    token = page.NextToken;
  } while (token);
  // What has been deleted, or was never confirmed, has a word in place of an ARN.
  return found.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'));
}

async function observeQueue(
  call: Call,
  { name, joins }: Resource,
  listed: readonly Subscription[],
): Promise<Observed | undefined> {
  const arns = listed
    .filter(({ Endpoint }) => Endpoint === joins!.endpoint)
    .map(({ SubscriptionArn }) => SubscriptionArn!);
  const attributes = arns[0] === undefined ? undefined : await ifPresent(readAttributes(call, arns[0]));
  if (attributes === undefined) return undefined;
  return { kind: 'subscription', name, attributes: { ...attributes, subscriptions: arns.length }, ours: true };
}

export async function readAttributes(call: Call, SubscriptionArn: string): Promise<Attributes> {
  const { Attributes = {} } = await call('sns', 'GetSubscriptionAttributes', { SubscriptionArn });
  return {
    RawMessageDelivery: Attributes.RawMessageDelivery === 'true',
    FilterPolicyScope: Attributes.FilterPolicyScope || 'MessageAttributes',
    FilterPolicy: JSON.parse(Attributes.FilterPolicy || '{}'),
    ...(Attributes.RedrivePolicy && { RedrivePolicy: JSON.parse(Attributes.RedrivePolicy) }),
  };
}
