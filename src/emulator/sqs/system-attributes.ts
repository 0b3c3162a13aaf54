import type { Message } from './state.ts';

type Read = (message: Message) => string | undefined;

/** What ReceiveMessage tells of a message beside its content (SQS API, ReceiveMessage). */
const SYSTEM_ATTRIBUTES = new Map<string, Read>([
  ['SenderId', (message) => message.senderId],
  ['SentTimestamp', (message) => String(Math.floor(message.sentAt))],
  ['ApproximateReceiveCount', (message) => String(message.receiveCount)],
  ['ApproximateFirstReceiveTimestamp', (message) => String(Math.floor(message.firstReceivedAt))],
  ['SequenceNumber', (message) => message.sequenceNumber],
  ['MessageDeduplicationId', (message) => message.deduplicationId],
  ['MessageGroupId', (message) => message.groupId],
  ['AWSTraceHeader', (message) => message.traceHeader],
  ['DeadLetterQueueSourceArn', (message) => message.sourceArn],
]);

export const systemAttributeNames: ReadonlySet<string> = new Set(SYSTEM_ATTRIBUTES.keys());

export function selectSystemAttributes(
  message: Message,
  wanted: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length === 0) return undefined;
  const names = wanted.includes('All') ? systemAttributeNames : wanted;
  const selected: Record<string, string> = {};
  for (const name of names) {
    const value = SYSTEM_ATTRIBUTES.get(name)?.(message);
    if (value !== undefined) selected[name] = value;
  }
  return selected;
}
