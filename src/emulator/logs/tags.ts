import { AwsError } from '../core/errors.ts';
import { groupNamed, groupOfArn, invalidParameter } from './lookup.ts';
import type { LogGroup, LogsContext } from './state.ts';

const MOST_TAGS = 50;

export function checkTags(tags: ReadonlyMap<string, string>): void {
  for (const key of tags.keys()) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(`The tag key ${key} is reserved: tag keys cannot start with aws:`);
    }
  }
}

function setTags(group: LogGroup, added: Record<string, string>, tooMany: (message: string) => AwsError): void {
  const tags = new Map([...group.tags, ...Object.entries(added)]);
  checkTags(new Map(Object.entries(added)));
  if (tags.size > MOST_TAGS) throw tooMany(`A resource can have at most ${MOST_TAGS} tags.`);
  group.tags = tags;
}

export function tagResource(
  context: LogsContext,
  { resourceArn, tags }: { resourceArn: string; tags: Record<string, string> },
) {
  const fields = { resourceName: resourceArn };
  setTags(
    groupOfArn(context, resourceArn),
    tags,
    (message) => new AwsError('TooManyTagsException', message, { fields }),
  );
}

export function untagResource(context: LogsContext, input: { resourceArn: string; tagKeys: string[] }) {
  const { tags } = groupOfArn(context, input.resourceArn);
  for (const key of input.tagKeys) tags.delete(key);
}

export function listTagsForResource(context: LogsContext, { resourceArn }: { resourceArn: string }) {
  return { tags: new Map(groupOfArn(context, resourceArn).tags) };
}

export function tagLogGroup(
  context: LogsContext,
  { logGroupName, tags }: { logGroupName: string; tags: Record<string, string> },
) {
  setTags(groupNamed(context, logGroupName), tags, invalidParameter);
}

export function untagLogGroup(context: LogsContext, input: { logGroupName: string; tags: string[] }) {
  const { tags } = groupNamed(context, input.logGroupName);
  for (const key of input.tags) tags.delete(key);
}

export function listTagsLogGroup(context: LogsContext, { logGroupName }: { logGroupName: string }) {
  return { tags: new Map(groupNamed(context, logGroupName).tags) };
}
