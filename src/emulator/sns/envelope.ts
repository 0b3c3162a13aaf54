import type { Notification } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Subscription } from './state.ts';

// Nothing here is signed, and no certificate is served: a consumer that verifies signatures has to be told not to.
const SIGNATURE = 'bm90LXNpZ25lZC1ieS10aGUtZW1iZWRkZWQtZW5naW5l';

/**
 * The JSON that a subscriber without raw delivery gets, laid out as SNS does (Developer Guide, Message formats). FIFO
 * topics number their messages and do not sign them.
 */
export function envelope(notification: Notification, subscription: Subscription, text: string): string {
  const { topic, endpoint } = notification;
  const { subject, attributes } = notification.draft;
  let json = `{\n  "Type" : "Notification",\n  "MessageId" : "${notification.messageId}",\n`;
  if (notification.sequenceNumber !== undefined) json += `  "SequenceNumber" : "${notification.sequenceNumber}",\n`;
  json += `  "TopicArn" : "${topic.arn}",\n`;
  if (subject !== undefined) json += `  "Subject" : ${JSON.stringify(subject)},\n`;
  json += `  "Message" : ${JSON.stringify(text)},\n  "Timestamp" : "${new Date(notification.publishedAt).toISOString()}",\n`;
  if (!topic.fifo) {
    json +=
      `  "SignatureVersion" : "${topic.attributes.get('SignatureVersion') ?? '1'}",\n` +
      `  "Signature" : "${SIGNATURE}",\n` +
      `  "SigningCertURL" : ${JSON.stringify(`${endpoint}/SimpleNotificationService-none.pem`)},\n`;
  }
  const unsubscribe = actionUrl(endpoint, `Action=Unsubscribe&SubscriptionArn=${subscription.arn}`);
  json += `  "UnsubscribeURL" : ${JSON.stringify(unsubscribe)}`;
  const names = Object.keys(attributes);
  if (names.length > 0) json += `,\n  "MessageAttributes" : {\n${attributeLines(attributes, names)}\n  }`;
  return `${json}\n}`;
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
