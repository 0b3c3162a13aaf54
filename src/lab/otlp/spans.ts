import type { Call, MessageEffect, WholeCall } from '../calls/call.ts';
import { callSpanId, contextGiven, type SpanContext, spanIdOf, traceIdOf } from './context.ts';
import { attributes, type OtlpSpan, type ProgramSpan, SPAN_KINDS, STATUS_ERROR } from './wire.ts';

interface Processing extends ProgramSpan {
  lastMs: number;
}

/** As OpenTelemetry's conventions name services of AWS (rpc.service of the AWS SDK). */
const NAMES: Readonly<Record<string, string>> = {
  ...{ sqs: 'SQS', sns: 'SNS', dynamodb: 'DynamoDB', s3: 'S3', sts: 'STS' },
  ...{ cloudwatch: 'CloudWatch', logs: 'CloudWatchLogs' },
};

/**
 * Calls as spans by OpenTelemetry's conventions for messaging and for AWS SDKs: a send span a sending call, a receive span
 * with a link a message, a process span a delivery, and client spans for the calls within it. A message's spans are of the
 * trace that its sender gave it; else of that of the delivery it was sent in; else of one of its own.
 */
export function spansOf(calls: readonly (Call & Partial<WholeCall>)[]): ProgramSpan[] {
  const spans: ProgramSpan[] = [];
  /** Message -> the span that sent it. */
  const senders = new Map<string, SpanContext>();
  const processing = new Map<string, Processing>();
  for (const call of calls) {
    const { changes, sent } = changesOf(call);
    if (call.caller !== 'engine') {
      const span = callSpan(call, processing.get(ownerOf(call) ?? ''));
      spans.push({ program: call.caller, span });
      for (const id of sent) senders.set(id, span);
      for (const change of changes.filter((each) => each.change === 'received')) {
        const sender = senders.get(change.message_id);
        if (sender !== undefined) span.links.push({ traceId: sender.traceId, spanId: sender.spanId });
        const begun = processSpan(call, change, sender, span);
        processing.set(deliveryOf(change), begun);
        spans.push(begun);
      }
    }
    const owner = processing.get(ownerOf(call) ?? '');
    if (owner !== undefined) owner.lastMs = call.at_ms;
    for (const change of changes) endProcessing(processing.get(deliveryOf(change)), change, call);
  }
  // One that is in hand lasts until its latest call.
  for (const { span, lastMs } of processing.values())
    if (span.endTimeUnixNano === '') span.endTimeUnixNano = nanos(lastMs);
  return spans;
}

const deliveryOf = ({ message_id, receives }: MessageEffect) => `${message_id}:${receives}`;

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

function changesOf({ effects }: Call): { changes: MessageEffect[]; sent: string[] } {
  const changes = effects.filter((effect) => effect.kind === 'message');
  const published = effects.filter((effect) => effect.kind === 'published');
  const copies = published.flatMap(({ message_id, deliveries }) => [
    message_id,
    ...deliveries.map((each) => each.message_id),
  ]);
  const sent = [...changes.filter(({ change }) => change === 'sent').map(({ message_id }) => message_id), ...copies];
  return { changes, sent: sent.filter((id) => id !== null) };
}

function ownerOf({ deliveries, certainty, operation }: Call): string | undefined {
  return operation !== 'ReceiveMessage' && certainty !== 'one_of' && deliveries.length === 1
    ? deliveries[0]!.id
    : undefined;
}

function callSpan(call: Call & Partial<WholeCall>, owner: Processing | undefined): OtlpSpan {
  const { at_ms, duration_ms, service, operation, region, outcome, error } = call;
  const given = contextGiven(call, call.input);
  const parent = given ?? owner?.span;
  const messaging = messagingOf(call);
  return {
    traceId: parent?.traceId ?? traceIdOf(call),
    spanId: callSpanId(call),
    ...(parent !== undefined && parent.spanId !== '' && { parentSpanId: parent.spanId }),
    name:
      messaging === undefined
        ? `${NAMES[service] ?? service}.${operation}`
        : `${messaging.type} ${messaging.destination}`,
    kind: messaging?.type === 'send' ? SPAN_KINDS.producer : SPAN_KINDS.client,
    startTimeUnixNano: nanos(at_ms - duration_ms),
    endTimeUnixNano: nanos(at_ms),
    attributes: attributes({
      ...{
        'rpc.system': 'aws-api',
        'rpc.service': NAMES[service] ?? service,
        'rpc.method': operation,
        'cloud.region': region,
      },
      ...(outcome !== 'ok' && { 'error.type': outcome }),
      ...messaging?.attributes,
      ...dynamodbOf(call),
    }),
    links: [],
    ...(outcome !== 'ok' && { status: { code: STATUS_ERROR, message: error ?? outcome } }),
  };
}

const SENDING = /^(SendMessage|Publish)(Batch)?$/;
const SETTLING = /^(DeleteMessage|ChangeMessageVisibility)(Batch)?$/;

function messagingOf(call: Call) {
  const { service, operation, resources, effects } = call;
  const type = SENDING.test(operation)
    ? 'send'
    : operation === 'ReceiveMessage'
      ? 'receive'
      : SETTLING.test(operation)
        ? 'settle'
        : undefined;
  if (type === undefined || (service !== 'sqs' && service !== 'sns')) return undefined;
  const [resource = ''] = resources;
  const destination = resource.slice(resource.indexOf('/') + 1);
  const own = effects.filter((effect) => effect.kind === (service === 'sns' ? 'published' : 'message'));
  const ids = own.map((effect) => ('message_id' in effect ? effect.message_id : ''));
  const attributes = {
    ...{ 'messaging.system': service === 'sqs' ? 'aws_sqs' : 'aws.sns', 'messaging.operation.name': operation },
    ...{ 'messaging.operation.type': type, 'messaging.destination.name': destination },
    ...(operation.endsWith('Batch') || ids.length > 1 ? { 'messaging.batch.message_count': ids.length } : {}),
    ...(ids.length === 1 && { 'messaging.message.id': ids[0]! }),
  };
  return { type, destination, attributes };
}

function dynamodbOf({ service, operation, resources }: Call): Record<string, string> {
  if (service !== 'dynamodb') return {};
  const [table = ''] = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  return { 'db.system.name': 'aws.dynamodb', 'db.operation.name': operation, 'db.collection.name': table };
}

function processSpan(
  call: Call,
  change: MessageEffect,
  sender: SpanContext | undefined,
  receive: OtlpSpan,
): Processing {
  const { message_id, receives, queue } = change;
  const span: OtlpSpan = {
    traceId: sender?.traceId ?? receive.traceId,
    spanId: spanIdOf(`delivery ${message_id}:${receives}`),
    parentSpanId: sender?.spanId ?? receive.spanId,
    ...{ name: `process ${queue}`, kind: SPAN_KINDS.consumer },
    ...{ startTimeUnixNano: nanos(call.at_ms), endTimeUnixNano: '' },
    attributes: attributes({
      ...{
        'messaging.system': 'aws_sqs',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
      },
      ...{ 'messaging.destination.name': queue, 'messaging.message.id': message_id },
      'messaging.aws_sqs.receive_count': receives,
    }),
    links: [{ traceId: receive.traceId, spanId: receive.spanId }],
  };
  return { program: call.caller, span, lastMs: call.at_ms };
}

function endProcessing(processing: Processing | undefined, { change }: MessageEffect, { at_ms }: Call): void {
  if (processing === undefined || processing.span.endTimeUnixNano !== '') return;
  if (!['deleted', 'returned', 'visible', 'dead_lettered'].includes(change)) return;
  processing.span.endTimeUnixNano = nanos(at_ms);
  if (change === 'visible' || change === 'dead_lettered') {
    processing.span.status = { code: STATUS_ERROR, message: 'not finished within the visibility timeout' };
  }
}
