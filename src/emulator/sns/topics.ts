import type { Context } from '../core/types.ts';
import { topicArnOf, topicName } from './arns.ts';
import { invalidParameter } from './errors.ts';
import { page } from './pages.ts';
import type { SnsState, Topic } from './state.ts';
import { type Tag, tagMap } from './tags.ts';
import { checkBoolean, setAttribute } from './topic-attributes.ts';

export interface CreateTopicInput {
  Name: string;
  Attributes?: Record<string, string>;
  Tags?: Tag[];
}

/** Creates a topic, or returns the one of that name unless what is asked for differs from it. */
export function createTopic(context: Context<SnsState>, input: CreateTopicInput) {
  const { Name: name, Attributes: attributes = {}, Tags: tags = [] } = input;
  const wanted = newTopic(context, name, attributes);
  wanted.tags = tagMap(tags);
  const existing = context.state.topics.get(name);
  if (existing !== undefined) checkSame(existing, wanted);
  else {
    context.state.topics.set(name, wanted);
    context.state.created++;
  }
  return { TopicArn: wanted.arn };
}

function newTopic(context: Context<SnsState>, name: string, attributes: Record<string, string>): Topic {
  const { FifoTopic: fifoTopic, ...others } = attributes;
  const refuse = (reason: string) => invalidParameter(`Attributes Reason: ${reason}`);
  const fifo = fifoTopic !== undefined && checkBoolean('FifoTopic', fifoTopic, refuse) === 'true';
  checkName(name, fifo);
  const topic: Topic = {
    order: context.state.created,
    name,
    arn: topicArnOf(context, name),
    fifo,
    attributes: new Map(),
    tags: new Map(),
    subscriptions: new Map(),
    pending: 0,
    deleted: 0,
    sequence: 0,
    deduplication: new Map(),
  };
  for (const [attribute, value] of Object.entries(others)) {
    setAttribute(topic, attribute, value, 'Attributes Reason: ');
  }
  return topic;
}

function checkName(name: string, fifo: boolean): void {
  const form = fifo ? /^[A-Za-z0-9_-]+\.fifo$/ : /^[A-Za-z0-9_-]+$/;
  if (!form.test(name) || name.length > 256) throw invalidParameter('Topic Name');
}

function checkSame(existing: Topic, wanted: Topic): void {
  for (const [name, value] of wanted.attributes) {
    if (existing.attributes.get(name) !== value) {
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    }
  }
  for (const [key, value] of wanted.tags) {
    if (existing.tags.get(key) !== value) {
      throw invalidParameter('Tags Reason: Topic already exists with different tags');
    }
  }
}

/** Deletes a topic with its subscriptions; deleting what is not there is no error. */
export function deleteTopic(context: Context<SnsState>, input: { TopicArn: string }) {
  const { state } = context;
  const name = topicName(context, input.TopicArn, 'DeleteTopic');
  const topic = state.topics.get(name);
  if (topic === undefined) return {};
  for (const arn of topic.subscriptions.values()) {
    const token = state.subscriptions.get(arn)?.token;
    if (token !== undefined) state.tokens.delete(token);
    state.subscriptions.delete(arn);
  }
  state.topics.delete(name);
  return {};
}

export function listTopics(context: Context<SnsState>, input: { NextToken?: string }) {
  const found = page(context.state.topics.values(), input.NextToken);
  return { Topics: found.entries.map((topic) => ({ TopicArn: topic.arn })), NextToken: found.nextToken };
}
