import type { Resource } from '../../topology/resources.ts';
import { eachAtOnce } from '../batches.ts';
import type { AwsCalls } from '../call.ts';
import { ifPresent } from './absent.ts';
import { readNotifications } from './bucket-notifications.ts';
import { queueAttributes } from './queues.ts';
import { listSubscriptions, readAttributes } from './subscriptions.ts';

const AT_ONCE = 10;

/** Every queue, topic, subscription of a queue and bucket of the account and region; nothing is changed. */
export async function inventory(calls: AwsCalls): Promise<Resource[]> {
  const parts = await Promise.all([queues(calls), topics(calls), buckets(calls)]);
  return parts.flat();
}

async function queues(calls: AwsCalls): Promise<Resource[]> {
  const { call } = calls;
  const urls = await pages(async (token) => {
    const page = await call('sqs', 'ListQueues', { MaxResults: 1_000, ...(token && { NextToken: token }) });
    return { found: page.QueueUrls ?? [], next: page.NextToken };
  });
  return gathered(urls, async (QueueUrl) => {
    const found = await ifPresent(call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }));
    const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
    return found === undefined ? [] : [{ kind: 'queue', name, attributes: queueAttributes(found.Attributes ?? {}) }];
  });
}

async function topics(calls: AwsCalls): Promise<Resource[]> {
  const { call } = calls;
  const arns = await pages(async (token) => {
    const page = await call('sns', 'ListTopics', { ...(token && { NextToken: token }) });
    return { found: (page.Topics ?? []).map(({ TopicArn }) => TopicArn!), next: page.NextToken };
  });
  return gathered(arns, async (topic) => {
    const listed = (await ifPresent(listSubscriptions(call, topic))) ?? [];
    const own = listed.filter(({ Protocol }) => Protocol === 'sqs');
    const subscriptions = await gathered(own, async ({ SubscriptionArn, Endpoint }) => {
      const attributes = await ifPresent(readAttributes(call, SubscriptionArn!));
      const joins = { topic, endpoint: Endpoint! };
      return attributes === undefined ? [] : [{ kind: 'subscription', name: SubscriptionArn!, attributes, joins }];
    });
    return [{ kind: 'topic', name: topic.slice(topic.lastIndexOf(':') + 1), attributes: {} }, ...subscriptions];
  });
}

async function buckets(calls: AwsCalls): Promise<Resource[]> {
  const { call } = calls;
  const { Buckets = [] } = await call('s3', 'ListBuckets', {});
  return gathered(Buckets, async ({ Name: name }) => {
    const notifications = await ifPresent(readNotifications(call, name!));
    return notifications === undefined ? [] : [{ kind: 'bucket', name: name!, attributes: { notifications } }];
  });
}

async function gathered<T>(items: readonly T[], find: (item: T) => Promise<Resource[]>): Promise<Resource[]> {
  const found = new Map<T, Resource[]>();
  await eachAtOnce(items, AT_ONCE, async (item) => void found.set(item, await find(item)));
  return items.flatMap((item) => found.get(item)!);
}

async function pages<T>(page: (token?: string) => Promise<{ found: T[]; next: string | undefined }>): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { found, next } = await page(token);
    all.push(...found);
    token = next;
  } while (token);
  return all;
}
