import type { Context } from '../core/types.ts';
import { findTopic } from './arns.ts';
import { invalidParameter } from './errors.ts';
import type { SnsState, Topic } from './state.ts';
import { policyOf } from './topic-attributes.ts';

const ACTIONS = new Set([
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
]);

interface Policy {
  Statement: { Sid?: string }[];
}

/** Adds a statement to the topic's policy. The policy is kept and shown; callers of one account are never refused. */
export function addPermission(
  context: Context<SnsState>,
  input: { TopicArn: string; Label: string; AWSAccountId: string[]; ActionName: string[] },
) {
  const topic = findTopic(context, input.TopicArn, 'AddPermission');
  const policy = readPolicy(topic, context.account);
  if (policy.Statement.some((statement) => statement.Sid === input.Label))
    throw invalidParameter('Statement already exists');
  for (const action of input.ActionName) {
    if (!ACTIONS.has(action)) throw invalidParameter('Policy statement action out of service scope!');
  }
  for (const account of input.AWSAccountId) {
    if (!/^\d{12}$/.test(account)) throw invalidParameter('Policy Error: PrincipalNotFound');
  }
  const principals = input.AWSAccountId.map((account) => `arn:aws:iam::${account}:root`);
  const actions = input.ActionName.map((action) => `SNS:${action}`);
  const statement = {
    Sid: input.Label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: actions.length === 1 ? actions[0] : actions,
    Resource: topic.arn,
  };
  write(topic, { ...policy, Statement: [...policy.Statement, statement] });
  return {};
}

export function removePermission(context: Context<SnsState>, input: { TopicArn: string; Label: string }) {
  const topic = findTopic(context, input.TopicArn, 'RemovePermission');
  const policy = readPolicy(topic, context.account);
  write(topic, { ...policy, Statement: policy.Statement.filter((statement) => statement.Sid !== input.Label) });
  return {};
}

function readPolicy(topic: Topic, account: string): Policy {
  const policy = JSON.parse(policyOf(topic, account)) as {
    Statement: Policy['Statement'] | Policy['Statement'][number];
  };
  return { ...policy, Statement: [policy.Statement].flat() };
}

const write = (topic: Topic, policy: Policy) => topic.attributes.set('Policy', JSON.stringify(policy));
