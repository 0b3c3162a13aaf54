import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { parseArn } from './arns.ts';
import { invalidParameter } from './errors.ts';
import type { SnsState, Topic } from './state.ts';

export interface Tag {
  Key: string;
  Value: string;
}

const MAX_TAGS = 50;

/** Checks tags as given in one request. */
export function tagMap(tags: readonly Tag[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (map.has(Key)) throw invalidParameter('Duplicated keys are not allowed.');
    if (/^aws:/i.test(Key)) {
      throw invalidParameter('Tags Reason: aws: prefixed tag key names are not allowed for external use.');
    }
    map.set(Key, Value);
  }
  checkQuota(map.size);
  return map;
}

function checkQuota(size: number): void {
  if (size > MAX_TAGS) {
    throw new AwsError('TagLimitExceededException', 'Could not complete request: tag quota of per resource exceeded');
  }
}

export function tagResource(context: Context<SnsState>, input: { ResourceArn: string; Tags: Tag[] }) {
  const topic = taggedTopic(context, input.ResourceArn);
  const added = tagMap(input.Tags);
  const all = new Map([...topic.tags, ...added]);
  checkQuota(all.size);
  topic.tags = all;
  return {};
}

export function untagResource(context: Context<SnsState>, input: { ResourceArn: string; TagKeys: string[] }) {
  const topic = taggedTopic(context, input.ResourceArn);
  for (const key of input.TagKeys) topic.tags.delete(key);
  return {};
}

export function listTagsForResource(context: Context<SnsState>, input: { ResourceArn: string }) {
  const topic = taggedTopic(context, input.ResourceArn);
  return { Tags: [...topic.tags].map(([Key, Value]) => ({ Key, Value })) };
}

function taggedTopic(context: Context<SnsState>, text: string): Topic {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'sns') throw invalidParameter('ResourceArn');
  const here = arn.region === context.region && arn.account === context.account;
  const topic = here ? context.state.topics.get(arn.resource) : undefined;
  if (topic === undefined) throw new AwsError('ResourceNotFoundException', 'Resource does not exist');
  return topic;
}
