import { createHash } from 'node:crypto';
import type { Context } from '../../core/types.ts';
import { fromByteKey } from '../listing/byte-order.ts';
import { formEncode } from '../listing/encoding.ts';
import type { Bucket, NotificationRule, S3State, StoredObject } from '../state.ts';
import { deliver } from './destination.ts';

export type CreatedEvent =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload';

export type TaggingEvent = 'ObjectTagging:Put' | 'ObjectTagging:Delete';

/** What happened to a key. */
export type Happening =
  | { event: CreatedEvent; byteKey: string; object: StoredObject }
  | { event: 'ObjectRemoved:Delete'; byteKey: string; object?: undefined }
  | { event: TaggingEvent; byteKey: string; object: StoredObject };

/** Tells the destinations of the bucket's rules; what cannot be delivered is lost, as on AWS once its retries end. */
export function notify(context: Context<S3State>, bucket: Bucket, happening: Happening): void {
  // Keys are encoded in events, and filters are compared with that (S3 User Guide, Configuring event notifications using
  // object key name filtering).
  const key = formEncode(fromByteKey(happening.byteKey));
  for (const rule of bucket.notifications ?? []) {
    if (covers(rule, happening.event) && passes(rule, key)) {
      const refused = deliver(context, bucket, rule, { Records: [record(context, bucket, rule, happening, key)] });
      if (refused === undefined) continue;
      const { code, message } = refused;
      context.notice(`bucket ${bucket.name} could not notify ${rule.arn}, events are lost: ${code}: ${message}`);
    }
  }
}

const covers = ({ events }: NotificationRule, event: string) =>
  events.includes(`s3:${event}`) || events.includes(`s3:${event.slice(0, event.indexOf(':'))}:*`);

const passes = ({ filter = [] }: NotificationRule, key: string) =>
  filter.every(({ name, value }) => (name === 'Prefix' ? key.startsWith(value) : key.endsWith(value)));

/** One event (S3 User Guide, Event message structure). */
function record(
  context: Context<S3State>,
  bucket: Bucket,
  rule: NotificationRule,
  { event, object }: Happening,
  key: string,
) {
  const isTagging = event.startsWith('ObjectTagging');
  return {
    eventVersion: isTagging ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(context.now).toISOString(),
    eventName: event,
    userIdentity: { principalId: `AWS:${principalId(context.account)}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: requestIds(context),
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: rule.id,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: principalId(bucket.account) },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key,
        ...(isTagging || object === undefined ? {} : { size: object.body.byteLength }),
        ...(object === undefined ? {} : { eTag: object.etag }),
        ...(isTagging ? {} : { sequencer: sequencer(context.state.writes) }),
      },
    },
  };
}

/** Grows with every write; of two events of one key the greater is the later. */
const sequencer = (write: number) => write.toString(16).toUpperCase().padStart(18, '0');

/** An account's customer id, always the same. */
const principalId = (account: string) =>
  `A${createHash('sha256').update(`customer ${account}`).digest('hex').slice(0, 13).toUpperCase()}`;

/** The ids of the request, from the engine's own generator: an event is the same whenever the calls are repeated. */
export function requestIds(context: Context<S3State>) {
  const { requestId } = context;
  return {
    'x-amz-request-id': requestId.replaceAll('-', '').slice(0, 16).toUpperCase(),
    'x-amz-id-2': Buffer.from(requestId).toString('base64'),
  };
}
