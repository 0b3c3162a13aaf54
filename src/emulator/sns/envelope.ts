import type { Notification } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Subscription } from './state.ts';

// Nothing here is signed, and no certificate is served: a consumer that verifies signatures has to be told not to.
const SIGNATURE = 'bm90LXNpZ25lZC1ieS10aGUtZW1iZWRkZWQtZW5naW5l';

/**
 * The JSON that subscribers without raw delivery get, laid out as SNS does (Developer Guide, Message formats). FIFO topics
 * number their messages and do not sign them. What is the same for all is written once, when the first one asks.
 */
export function envelopes(notification: Notification, text: string): (subscription: Subscription) => string {
  let parts: [head: string, tail: string] | undefined;
  return ({ arn }) => {
    parts ??= [headOf(notification, text), tailOf(notification.draft.attributes)];
    const unsubscribe = actionUrl(notification.endpoint, `Action=Unsubscribe&SubscriptionArn=${arn}`);
    return `${parts[0]}  "UnsubscribeURL" : ${JSON.stringify(unsubscribe)}${parts[1]}`;
  };
}

function headOf(
  { topic, endpoint, draft, messageId, sequenceNumber, publishedAt }: Notification,
  text: string,
): string {
  let json = `{\n  "Type" : "Notification",\n  "MessageId" : "${messageId}",\n`;
  if (sequenceNumber !== undefined) json += `  "SequenceNumber" : "${sequenceNumber}",\n`;
  json += `  "TopicArn" : "${topic.arn}",\n`;
  if (draft.subject !== undefined) json += `  "Subject" : ${JSON.stringify(draft.subject)},\n`;
  json += `  "Message" : ${JSON.stringify(text)},\n  "Timestamp" : "${new Date(publishedAt).toISOString()}",\n`;
  if (topic.fifo) return json;
  return (
    `${json}  "SignatureVersion" : "${topic.attributes.get('SignatureVersion') ?? '1'}",\n` +
    `  "Signature" : "${SIGNATURE}",\n` +
    `  "SigningCertURL" : ${JSON.stringify(`${endpoint}/SimpleNotificationService-none.pem`)},\n`
  );
}

function tailOf(attributes: MessageAttributes): string {
  const names = Object.keys(attributes);
  return names.length === 0 ? '\n}' : `,\n  "MessageAttributes" : {\n${attributeLines(attributes, names)}\n  }\n}`;
}

/** A link that acts when it is followed; like AWS's it names no version of the API. */
export const actionUrl = (endpoint: string, query: string) => `${endpoint}/?${query}`;

function attributeLines(attributes: MessageAttributes, names: readonly string[]): string {
  return names
    .map((name) => {
      const { DataType, StringValue, BinaryValue } = attributes[name]!;
      const value = StringValue ?? Buffer.from(BinaryValue!).toString('base64');
      return `    ${JSON.stringify(name)} : ${JSON.stringify({ Type: DataType, Value: value })}`;
    })
    .join(',\n');
}
