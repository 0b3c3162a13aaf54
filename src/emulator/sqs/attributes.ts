import { AwsError } from '../core/errors.ts';
import { invalidParameter } from './errors.ts';
import { entriesOf } from './maps.ts';
import { parsePolicy } from './policy.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy.ts';
import type { QueueSettings } from './state.ts';

/** The limit on a message, and on a batch of them (SQS Developer Guide, Message quotas: 1 MiB since August 2025). */
export const MAXIMUM_MESSAGE_SIZE = 1_048_576;

/** Attributes that are integers, with their least and greatest value (SQS API, SetQueueAttributes). */
const INTEGERS = new Map<string, readonly [number, number]>([
  ['DelaySeconds', [0, 900]],
  ['MaximumMessageSize', [1024, MAXIMUM_MESSAGE_SIZE]],
  ['MessageRetentionPeriod', [60, 1_209_600]],
  ['ReceiveMessageWaitTimeSeconds', [0, 20]],
  ['VisibilityTimeout', [0, 43_200]],
  ['KmsDataKeyReusePeriodSeconds', [60, 86_400]],
]);

const CHOICES = new Map<string, readonly string[]>([
  ['SqsManagedSseEnabled', ['true', 'false']],
  ['FifoQueue', ['true', 'false']],
  ['ContentBasedDeduplication', ['true', 'false']],
  ['DeduplicationScope', ['queue', 'messageGroup']],
  ['FifoThroughputLimit', ['perQueue', 'perMessageGroupId']],
]);

/** Attributes that an empty value takes away. */
const CLEARABLE = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']);

const FIFO_ONLY = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);

/** Attributes that a client sets. */
export const SETTABLE: ReadonlySet<string> = new Set([...INTEGERS.keys(), ...CHOICES.keys(), ...CLEARABLE]);

/** Attributes that SQS tells beside those that a client sets. */
export const TOLD: readonly string[] = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
];

const DEFAULTS = new Map([
  ['VisibilityTimeout', '30'],
  ['MaximumMessageSize', String(MAXIMUM_MESSAGE_SIZE)],
  ['MessageRetentionPeriod', '345600'],
  ['DelaySeconds', '0'],
  ['ReceiveMessageWaitTimeSeconds', '0'],
  ['SqsManagedSseEnabled', 'true'],
]);

const FIFO_DEFAULTS = new Map([
  ['FifoQueue', 'true'],
  ['ContentBasedDeduplication', 'false'],
  ['DeduplicationScope', 'queue'],
  ['FifoThroughputLimit', 'perQueue'],
]);

/** What an attribute is: as set, or its default; undefined for one without. */
export function effective(attributes: ReadonlyMap<string, string>, fifo: boolean, name: string): string | undefined {
  return attributes.get(name) ?? DEFAULTS.get(name) ?? (fifo ? FIFO_DEFAULTS.get(name) : undefined);
}

const unknown = (name: string) => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

const badValue = (name: string, reason?: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

const BOOLEANS = new Set(['SqsManagedSseEnabled', 'FifoQueue', 'ContentBasedDeduplication']);

/** The attributes that a client gives, as they are kept and told: SQS takes `True` and `TRUE`, and tells `true`. */
export function attributeEntries(map: Record<string, string> | undefined): [string, string][] {
  return entriesOf(map).map(([name, value]) => {
    const isBoolean = BOOLEANS.has(name) && /^(?:true|false)$/i.test(value);
    return [name, isBoolean ? value.toLowerCase() : value];
  });
}

/** Checks attributes by themselves; what they mean together with others is for {@link withAttributes}. */
export function checkAttributes(entries: readonly (readonly [string, string])[], fifo: boolean): void {
  for (const [name, value] of entries) {
    if (!SETTABLE.has(name)) throw unknown(name);
    if (!fifo && FIFO_ONLY.has(name)) {
      if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') throw unknown(name);
      throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
    }
    checkValue(name, value);
  }
}

function checkValue(name: string, value: string): void {
  if (value === '' && CLEARABLE.has(name)) return;
  const range = INTEGERS.get(name);
  if (range !== undefined && !(/^\d{1,9}$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) {
    throw badValue(name);
  }
  const choices = CHOICES.get(name);
  if (choices !== undefined && !choices.includes(value)) throw badValue(name);
  if (name === 'FifoQueue' && value !== 'true') {
    throw badValue(name, 'Modifying queue type is not supported.');
  }
  if (name === 'Policy' && parsePolicy(value) === undefined) throw badValue(name);
  if (name === 'RedrivePolicy') parseRedrivePolicy(value);
  if (name === 'RedriveAllowPolicy') parseRedriveAllowPolicy(value);
}

/** The attributes of a queue after `entries` are set on it; rejects combinations that SQS rejects. */
export function withAttributes(
  current: ReadonlyMap<string, string>,
  entries: readonly (readonly [string, string])[],
): Map<string, string> {
  const next = new Map(current);
  for (const [name, value] of entries) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  chooseEncryption(next, new Map(entries));
  const perGroup = next.get('FifoThroughputLimit') === 'perMessageGroupId';
  if (perGroup && next.get('DeduplicationScope') !== 'messageGroup') {
    throw badValue('FifoThroughputLimit', 'perMessageGroupId needs the DeduplicationScope messageGroup.');
  }
  return next;
}

/** One kind of server-side encryption at a time: naming one ends the other (SQS Developer Guide, Encryption at rest). */
function chooseEncryption(next: Map<string, string>, set: ReadonlyMap<string, string>): void {
  const kms = set.get('KmsMasterKeyId');
  const managed = set.get('SqsManagedSseEnabled');
  if (kms && managed === 'true') {
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  if (kms) next.set('SqsManagedSseEnabled', 'false');
  if (managed === 'true') next.delete('KmsMasterKeyId');
  // What only a key has goes with it.
  if (kms === '' || managed === 'true') next.delete('KmsDataKeyReusePeriodSeconds');
}

export function settingsOf(attributes: ReadonlyMap<string, string>, fifo: boolean): QueueSettings {
  const milliseconds = (name: string) => Number(effective(attributes, fifo, name)) * 1000;
  const redrive = attributes.get('RedrivePolicy');
  const redriveAllow = attributes.get('RedriveAllowPolicy');
  const policy = attributes.get('Policy');
  return {
    fifo,
    contentBasedDeduplication: attributes.get('ContentBasedDeduplication') === 'true',
    deduplicationScope: attributes.get('DeduplicationScope') === 'messageGroup' ? 'messageGroup' : 'queue',
    delay: milliseconds('DelaySeconds'),
    visibilityTimeout: milliseconds('VisibilityTimeout'),
    retention: milliseconds('MessageRetentionPeriod'),
    wait: milliseconds('ReceiveMessageWaitTimeSeconds'),
    maximumMessageSize: Number(effective(attributes, fifo, 'MaximumMessageSize')),
    redrive: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    redriveAllow:
      redriveAllow === undefined ? { permission: 'allowAll', sourceArns: [] } : parseRedriveAllowPolicy(redriveAllow),
    policy: policy === undefined ? undefined : parsePolicy(policy),
  };
}

export function checkQueueName(name: string, fifo: boolean): void {
  if (!fifo && !/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  if (fifo && !(/^[A-Za-z0-9_-]+\.fifo$/.test(name) && name.length <= 80)) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, ' +
        'must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
}
