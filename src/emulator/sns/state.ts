import type { Minute, Traffic } from '../core/traffic.ts';
import type { FilterPolicy, FilterScope } from './filter/policy.ts';

/** What a region of an account holds. Plain data: it is part of snapshots. */
export interface SnsState {
  /** by name */
  topics: Map<string, Topic>;
  /** by ARN */
  subscriptions: Map<string, Subscription>;
  /** Topics and subscriptions made so far. */
  created: number;
  /** Confirmation tokens that are still valid -> ARN of the subscription. */
  tokens: Map<string, string>;
}

export interface Topic {
  /** Place in the order of making, by which lists are paged. */
  order: number;
  name: string;
  arn: string;
  fifo: boolean;
  /** As set by the owner; what was never set is not there. */
  attributes: Map<string, string>;
  tags: Map<string, string>;
  /** `protocol endpoint` -> subscription ARN, in the order of subscribing, which is the order of delivery. */
  subscriptions: Map<string, string>;
  pending: number;
  deleted: number;
  /** Messages published so far, from which sequence numbers of a FIFO topic grow. */
  sequence: number;
  /** What was done minute by minute, for the metrics; none yet when undefined. */
  traffic?: Traffic<TopicMinute>;
  /** Deduplication key -> the message first published with it, oldest first. */
  deduplication: Map<string, PublishedOnce>;
}

export interface TopicMinute extends Minute {
  /** By the name of the metric that counts it. */
  counts: Map<string, number>;
  /** Of the messages published, in bytes. */
  bytes: number;
  smallest: number;
  largest: number;
}

export interface PublishedOnce {
  messageId: string;
  sequenceNumber: string;
  expiresAt: number;
}

export interface Subscription {
  order: number;
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** `endpoint`, read, where it is a queue. */
  queue: QueueAddress | undefined;
  owner: string;
  pending: boolean;
  /** The confirmation token, while one is needed. */
  token: string | undefined;
  authenticated: boolean;
  raw: boolean;
  filterPolicy: string | undefined;
  filterScope: FilterScope;
  /** `filterPolicy`, compiled. */
  filter: FilterPolicy | undefined;
  redrivePolicy: string | undefined;
  /** The queue that `redrivePolicy` names. */
  deadLetters: QueueAddress | undefined;
  deliveryPolicy: string | undefined;
  roleArn: string | undefined;
}

/** Where a queue is to be found. */
export interface QueueAddress {
  region: string;
  account: string;
  name: string;
}

export const createState = (): SnsState => ({
  topics: new Map(),
  subscriptions: new Map(),
  created: 0,
  tokens: new Map(),
});

/** Key of a subscription within its topic: subscribing the same endpoint again is the same subscription. */
export const endpointKey = (protocol: string, endpoint: string) => `${protocol} ${endpoint}`;

/** Pending subscriptions and the tokens that confirm them; on AWS the token is sent to the endpoint. */
export function pendingConfirmations(state: SnsState): { subscription: Subscription; token: string }[] {
  const pending = [];
  for (const [token, arn] of state.tokens) {
    const subscription = state.subscriptions.get(arn);
    if (subscription?.pending) pending.push({ subscription, token });
  }
  return pending;
}
