import type { MessageContent } from './state.ts';

type Read = (content: MessageContent) => string | undefined;

/** What ReceiveMessage tells of a message beside its content (SQS API, ReceiveMessage). */
const SYSTEM_ATTRIBUTES = new Map<string, Read>([
  ['SenderId', (content) => content.senderId],
  ['SentTimestamp', (content) => String(Math.floor(content.sentAt))],
  ['ApproximateReceiveCount', (content) => String(content.receiveCount)],
  ['ApproximateFirstReceiveTimestamp', (content) => String(Math.floor(content.firstReceivedAt))],
  ['SequenceNumber', (content) => content.sequenceNumber],
  ['MessageDeduplicationId', (content) => content.deduplicationId],
  ['MessageGroupId', (content) => content.groupId],
  ['AWSTraceHeader', (content) => content.traceHeader],
  ['DeadLetterQueueSourceArn', (content) => content.sourceArn],
]);

export const systemAttributeNames: ReadonlySet<string> = new Set(SYSTEM_ATTRIBUTES.keys());

export function selectSystemAttributes(
  content: MessageContent,
  wanted: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length === 0) return undefined;
  const names = wanted.includes('All') ? systemAttributeNames : wanted;
  const selected: Record<string, string> = {};
  for (const name of names) {
    const value = SYSTEM_ATTRIBUTES.get(name)?.(content);
    if (value !== undefined) selected[name] = value;
  }
  return selected;
}
