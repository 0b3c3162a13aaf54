import { AwsError } from '../core/errors.ts';
import { alarmArn } from './alarms/alarm.ts';
import { invalidValue } from './datum.ts';
import type { CloudWatchContext } from './state.ts';

export interface Tag {
  Key: string;
  Value: string;
}

const MOST_TAGS = 50;

/** The tags with others set among them. */
export function setTags(tags: ReadonlyMap<string, string>, added: readonly Tag[]): Map<string, string> {
  for (const { Key: key } of added) {
    if (key.toLowerCase().startsWith('aws:')) throw invalidValue(`The tag key ${key} is reserved for AWS.`);
  }
  const all = new Map([...tags, ...added.map(({ Key, Value }) => [Key, Value] as const)]);
  if (all.size > MOST_TAGS) throw invalidValue(`A resource can have at most ${MOST_TAGS} tags.`);
  return all;
}

/** The alarm with an ARN; nothing else here can be tagged. */
function alarmOf(context: CloudWatchContext, arn: string) {
  const prefix = alarmArn(context, '');
  return arn.startsWith(prefix) ? context.state.alarms.get(arn.slice(prefix.length)) : undefined;
}

function tagged(context: CloudWatchContext, arn: string) {
  const alarm = alarmOf(context, arn);
  if (alarm === undefined) {
    throw new AwsError('ResourceNotFoundException', `Unknown resource: ${arn}`, {
      fields: { ResourceType: 'alarm', ResourceId: arn },
    });
  }
  return alarm;
}

export function tagResource(context: CloudWatchContext, input: { ResourceARN: string; Tags: Tag[] }) {
  const alarm = tagged(context, input.ResourceARN);
  alarm.tags = setTags(alarm.tags, input.Tags);
  return {};
}

export function untagResource(context: CloudWatchContext, input: { ResourceARN: string; TagKeys: string[] }) {
  const { tags } = tagged(context, input.ResourceARN);
  for (const key of input.TagKeys) tags.delete(key);
  return {};
}

/** An alarm that is gone, or never was, has no tags; that is no error. */
export function listTagsForResource(context: CloudWatchContext, input: { ResourceARN: string }) {
  const tags = alarmOf(context, input.ResourceARN)?.tags ?? [];
  return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
}
