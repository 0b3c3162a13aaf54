import { AwsError } from '../core/errors.ts';
import { invalidArgument, malformedXml } from './errors.ts';
import type { Tag } from './state.ts';

const MOST_OBJECT_TAGS = 10;
const MOST_BUCKET_TAGS = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const invalidTag = (message: string, fields: Record<string, string>) =>
  new AwsError('InvalidTag', message, { status: 400, fields });

const tooMany = (what: string, limit: number) =>
  new AwsError('BadRequest', `${what} cannot be greater than ${limit}`, { status: 400 });

/** What every object without tags has: sets of tags are replaced, never changed. */
const NONE: readonly Tag[] = [];

/** The rules for both kinds of tags (S3 User Guide, Categorizing your objects using tags). */
function checkTags(tags: readonly Tag[], reserved: string): readonly Tag[] {
  if (tags.length === 0) return NONE;
  const seen = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key === '' || key.length > 128 || !CHARACTERS.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: key });
    }
    if (value.length > 256 || !CHARACTERS.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    }
    if (key.toLowerCase().startsWith('aws:')) throw invalidTag(reserved, { TagKey: key });
    if (seen.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: key });
    seen.add(key);
  }
  return tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

/** The tags of a document, which may be none but has to have the set. */
export function tagSetOf(tagging: { TagSet?: readonly Tag[] } | undefined): readonly Tag[] {
  if (tagging?.TagSet === undefined) throw malformedXml();
  return tagging.TagSet;
}

export function objectTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_OBJECT_TAGS) throw tooMany('Object tags', MOST_OBJECT_TAGS);
  return checkTags(tags, 'Your TagKey cannot be prefixed with aws:');
}

export function bucketTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_BUCKET_TAGS) throw tooMany('Bucket tag count', MOST_BUCKET_TAGS);
  return checkTags(tags, 'System tags cannot be added/updated by requester');
}

/** The tags in the header x-amz-tagging, a URL query (PutObject, x-amz-tagging). */
export function headerTags(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === '') return NONE;
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  const keys = new Set(tags.map(({ Key }) => Key));
  if (keys.size < tags.length || tags.some(({ Key, Value }) => !CHARACTERS.test(Key) || !CHARACTERS.test(Value))) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  return objectTags(tags);
}
