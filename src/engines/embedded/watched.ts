import { CliffracerError } from '../../errors.ts';
import type {
  SeenBucket,
  SeenClock,
  SeenLogEvent,
  SeenMessage,
  SeenObject,
  SeenTable,
  SeenTopic,
  WatchedEngine,
} from '../../lab/watch/port.ts';
import { keptHttpCall } from '../http.ts';
import { jsonCall, rawCall } from '../raw-call.ts';
import { type CallLogPlace, embeddedCallLog } from './call-log.ts';
import { control } from './control.ts';
import { embeddedHolds } from './holds.ts';

const REDRIVE_TIMEOUT_MS = 10_000;
/** Items and objects have texts of up to 400 KB. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** The embedded engine as it is watched, over its control interface; nothing but a redrive is a call of AWS's APIs. */
export function watchedEngine(place: CallLogPlace): WatchedEngine {
  const { endpoint, region, now } = place;
  // It is asked ten times a second.
  const answer = place.answer ?? keptHttpCall(endpoint);
  const get = <T>(path: string, query: Record<string, string | number> = {}): Promise<T> => {
    const parameters = new URLSearchParams({ region });
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return control<T>(endpoint, now, { path: `${path}?${parameters}`, what: 'watch', largest: LARGEST_ANSWER, answer });
  };
  const part = async <T>(name: string, path: string, query: Record<string, string | number> = {}): Promise<T> =>
    (await get<Record<string, T>>(path, query))[name]!;
  const named = (name: string) => encodeURIComponent(name);
  return {
    log: embeddedCallLog({ ...place, answer }),
    holds: embeddedHolds(endpoint, region, now, answer),
    clock: () => part<SeenClock>('clock', '/clock'),
    topics: () => part<SeenTopic[]>('topics', '/sns/topics'),
    messages: (queue, state, limit) =>
      part<SeenMessage[]>('messages', `/sqs/queues/${named(queue)}/messages`, { state, limit }),
    tables: () => part<SeenTable[]>('tables', '/dynamodb/tables'),
    items: (table, limit) => get(`/dynamodb/tables/${named(table)}/items`, { limit }),
    buckets: () => part<SeenBucket[]>('buckets', '/s3/buckets'),
    objects: (bucket, limit) => part<SeenObject[]>('objects', `/s3/buckets/${named(bucket)}/objects`, { limit }),
    object: (bucket, key) => get(`/s3/buckets/${named(bucket)}/object`, { key }),
    metrics: () => get('/cloudwatch/metrics'),
    logGroups: () => part<{ name: string }[]>('groups', '/logs/groups'),
    logEvents: (group, limit) => part<SeenLogEvent[]>('events', '/logs/groups/events', { group, limit }),
    async redrive(queue, to) {
      const arn = (name: string) => `arn:aws:sqs:${region}:000000000000:${name}`;
      const input = { SourceArn: arn(queue), ...(to !== undefined && { DestinationArn: arn(to) }) };
      const call = jsonCall('sqs', '1.0', 'AmazonSQS.StartMessageMoveTask', input);
      const answer = await rawCall(endpoint, region, call, REDRIVE_TIMEOUT_MS);
      if (answer.status === 200) return;
      throw new CliffracerError('conflict', `the engine did not redrive ${queue}: ${reasonOf(answer.body)}`);
    },
  };
}

function reasonOf(body: string): string {
  try {
    const { message, Message } = JSON.parse(body) as { message?: unknown; Message?: unknown };
    return String(message ?? Message ?? body);
  } catch {
    return body;
  }
}
