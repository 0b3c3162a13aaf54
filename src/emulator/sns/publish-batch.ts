import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { findTopic } from './arns.ts';
import { checkMessage, type MessageInput } from './message.ts';
import { publishDraft } from './publish.ts';
import type { SnsState } from './state.ts';
import { maximumMessageSize } from './topic-attributes.ts';

export interface PublishBatchInput {
  TopicArn: string;
  PublishBatchRequestEntries: (MessageInput & { Id: string })[];
}

const MAX_ENTRIES = 10;
const IMPERMISSIBLE = 'contains an impermissible character';

/** Publishes up to ten messages. SNS refuses the whole batch for an entry that is wrong, so nothing ever fails alone. */
export function publishBatch(context: Context<SnsState>, input: PublishBatchInput) {
  const entries = input.PublishBatchRequestEntries;
  const topic = findTopic(context, input.TopicArn, 'Publish');
  checkIds(entries.map((entry) => entry.Id));
  const drafts = entries.map((entry) => checkMessage(entry, topic));
  const size = drafts.reduce((total, draft) => total + draft.size, 0);
  if (size > maximumMessageSize(topic)) {
    throw new AwsError(
      'BatchRequestTooLongException',
      'The length of all the messages put together is more than the limit.',
    );
  }
  const successful = drafts.map((draft, index) => ({
    Id: entries[index]!.Id,
    ...publishDraft(context, topic, draft),
  }));
  return { Successful: successful, Failed: [] };
}

function checkIds(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
  }
  if (ids.length > MAX_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  for (const id of ids) {
    const fault = id.length > 80 ? 'is too long' : /^[A-Za-z0-9_-]+$/.test(id) ? undefined : IMPERMISSIBLE;
    if (fault === undefined) continue;
    throw new AwsError('InvalidBatchEntryIdException', `The Id of a batch entry in the batch request ${fault}: ${id}`);
  }
}
