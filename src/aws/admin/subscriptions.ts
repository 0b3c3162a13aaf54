import { isDeepStrictEqual } from 'node:util';
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  type Subscription,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import type { ResourceAdmin } from '../../shop/stack/admin.ts';
import { queueArn, topicArn } from '../../shop/stack/arns.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Attributes, Observed, Resource, Value } from '../../shop/stack/resources.ts';
import type { Clients } from '../clients.ts';
import { awsErrorOf } from '../errors.ts';
import { eventually } from '../retry.ts';
import { ifPresent } from './absent.ts';

const LISTED_WITHIN_MS = 30_000;
// In this order: a policy is checked against the scope that is set.
const ATTRIBUTES = ['RawMessageDelivery', 'FilterPolicyScope', 'FilterPolicy'] as const;

/**
 * Subscriptions of the stack's topic. Engines disagree about subscribing twice (refused, ignored, overwritten, doubled), so
 * nothing is left to it: they are listed first, attributes are set one by one and then read back.
 */
export async function createSubscriptionAdmin(clients: Clients, names: StackNames): Promise<ResourceAdmin> {
  const [sns, identity] = await Promise.all([clients.sns(), clients.identity()]);
  const TopicArn = topicArn(identity, names.topic);
  const list = async () => (await ifPresent(listSubscriptions(sns, TopicArn))) ?? [];
  const ofQueue = async (name: string) => {
    const Endpoint = queueArn(identity, name);
    return (await list()).filter((each) => each.Endpoint === Endpoint).map((each) => each.SubscriptionArn!);
  };
  const setAttributes = async (SubscriptionArn: string, wanted: Attributes) => {
    const current = await readAttributes(sns, SubscriptionArn);
    for (const AttributeName of ATTRIBUTES) {
      if (isDeepStrictEqual(current[AttributeName], wanted[AttributeName])) continue;
      const AttributeValue = wireValue(wanted[AttributeName]!);
      await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
    }
  };

  return {
    async observe(wanted) {
      const listed = await list();
      const endpoints = new Map(wanted.map(({ name }) => [queueArn(identity, name), name]));
      const strangers = listed.filter(({ Endpoint }) => !endpoints.has(Endpoint!));
      const found = await Promise.all([...endpoints].map(([arn, name]) => observeQueue(sns, name, arn, listed)));
      return [
        ...found.filter((each) => each !== undefined),
        ...strangers.map(({ Protocol, Endpoint }): Observed => {
          return { kind: 'subscription', name: `${Protocol} ${Endpoint}`, attributes: {}, ours: false };
        }),
      ];
    },
    async create({ name, attributes }) {
      const what = `the subscription of ${name} being listed`;
      const arn =
        (await subscribe(sns, TopicArn, queueArn(identity, name), attributes)) ??
        (await eventually(what, LISTED_WITHIN_MS, clients.pauses, async () => (await ofQueue(name))[0]));
      await setAttributes(arn, attributes);
    },
    async update({ name, attributes }: Resource) {
      const [first, ...more] = await ofQueue(name);
      for (const SubscriptionArn of more) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      if (first === undefined) await subscribe(sns, TopicArn, queueArn(identity, name), attributes);
      else await setAttributes(first, attributes);
    },
    async remove({ name }) {
      for (const SubscriptionArn of await ofQueue(name)) {
        await ifPresent(sns.send(new UnsubscribeCommand({ SubscriptionArn })));
      }
    },
  };
}

/** Resolves with the subscription's ARN where the answer has one. */
async function subscribe(sns: SNSClient, TopicArn: string, Endpoint: string, attributes: Attributes) {
  // An empty policy lets everything through only where it is set later; here it is left out.
  const given = ATTRIBUTES.filter((name) => !isDeepStrictEqual(attributes[name], {}));
  const Attributes = Object.fromEntries(given.map((name) => [name, wireValue(attributes[name]!)]));
  try {
    const command = { TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(command));
    return SubscriptionArn?.startsWith('arn:') ? SubscriptionArn : undefined;
  } catch (error) {
    // Subscribed meanwhile, with other attributes; these are set next.
    if (!/already exists/.test(awsErrorOf(error)?.message ?? '')) throw error;
    return undefined;
  }
}

async function listSubscriptions(sns: SNSClient, TopicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let token: string | undefined;
  do {
    const page = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn, ...(token !== undefined && { NextToken: token }) }),
    );
    found.push(...(page.Subscriptions ?? []));
    token = page.NextToken;
  } while (token);
  // What has been deleted, or was never confirmed, has a word in place of an ARN.
  return found.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'));
}

async function observeQueue(
  sns: SNSClient,
  name: string,
  arn: string,
  listed: readonly Subscription[],
): Promise<Observed | undefined> {
  const arns = listed.filter(({ Endpoint }) => Endpoint === arn).map(({ SubscriptionArn }) => SubscriptionArn!);
  const attributes = arns[0] === undefined ? undefined : await ifPresent(readAttributes(sns, arns[0]));
  if (attributes === undefined) return undefined;
  return { kind: 'subscription', name, attributes: { ...attributes, subscriptions: arns.length }, ours: true };
}

async function readAttributes(sns: SNSClient, SubscriptionArn: string): Promise<Attributes> {
  const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return {
    RawMessageDelivery: Attributes.RawMessageDelivery === 'true',
    FilterPolicyScope: Attributes.FilterPolicyScope || 'MessageAttributes',
    FilterPolicy: JSON.parse(Attributes.FilterPolicy || '{}'),
  };
}

const wireValue = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
