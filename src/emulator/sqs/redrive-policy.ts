import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { invalidValue } from './errors.ts';
import type { Queue, RedriveAllowPolicy, RedrivePolicy, SqsState } from './state.ts';

const QUEUE_ARN = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):(\d{12}):([A-Za-z0-9_-]+(?:\.fifo)?)$/;

export function parseQueueArn(arn: unknown): { region: string; account: string; name: string } | undefined {
  const match = typeof arn === 'string' ? QUEUE_ARN.exec(arn) : null;
  return match === null ? undefined : { region: match[1]!, account: match[2]!, name: match[3]! };
}

/** Reads a RedrivePolicy (SQS Developer Guide, Dead-letter queues); the target is looked up by {@link checkTarget}. */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const fail = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const policy = parseJsonMap(text);
  if (policy === undefined) throw fail('Redrive policy is not a valid JSON map.');
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount']) {
    if (policy[name] === undefined || policy[name] === null) {
      throw fail(`Redrive policy does not contain mandatory attribute: ${name}.`);
    }
  }
  const target = parseQueueArn(policy.deadLetterTargetArn);
  if (target === undefined) throw fail('Invalid value for deadLetterTargetArn.');
  const given = policy.maxReceiveCount;
  const maxReceiveCount = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  if (!Number.isInteger(maxReceiveCount) || Number(maxReceiveCount) < 1 || Number(maxReceiveCount) > 1000) {
    const shown = JSON.stringify(given)?.slice(0, 40);
    throw fail(`Invalid value for maxReceiveCount: ${shown}, valid values are from 1 to 1000 both inclusive.`);
  }
  return {
    targetArn: String(policy.deadLetterTargetArn),
    targetName: target.name,
    maxReceiveCount: Number(maxReceiveCount),
  };
}

/** A dead-letter queue must exist in the same account and region, be of the same type, and allow its source. */
export function checkTarget(context: Context<SqsState>, text: string, sourceArn: string, sourceIsFifo: boolean): void {
  const { targetArn, targetName } = parseRedrivePolicy(text);
  const fail = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const target = context.state.queues.get(targetName);
  if (target?.arn !== targetArn) throw fail('Dead letter target does not exist.');
  if (target.settings.fifo !== sourceIsFifo) {
    throw fail('Dead-letter queue must be same type of queue as the source.');
  }
  if (!allowsSource(target, sourceArn)) {
    throw fail('The redrive allow policy of the dead-letter queue does not permit this source queue.');
  }
}

function allowsSource(target: Queue, sourceArn: string): boolean {
  const { permission, sourceArns } = target.settings.redriveAllow;
  return permission === 'allowAll' || (permission === 'byQueue' && sourceArns.includes(sourceArn));
}

export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const fail = (reason: string) =>
    new AwsError('InvalidAttributeValue', `Invalid value for the parameter RedriveAllowPolicy. Reason: ${reason}`);
  const policy = parseJsonMap(text);
  if (policy === undefined) throw fail('Redrive allow policy is not a valid JSON map.');
  const permission = policy.redrivePermission;
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue') {
    throw fail('redrivePermission must be one of allowAll, denyAll, byQueue.');
  }
  const listed = policy.sourceQueueArns;
  if (permission !== 'byQueue') {
    if (listed !== undefined) throw fail('sourceQueueArns can be given only with the redrivePermission byQueue.');
    return { permission, sourceArns: [] };
  }
  if (!Array.isArray(listed) || listed.length < 1 || listed.length > 10) {
    throw fail('sourceQueueArns must list from 1 to 10 queues.');
  }
  if (listed.some((arn) => parseQueueArn(arn) === undefined)) throw fail('Invalid value for sourceQueueArns.');
  return { permission, sourceArns: listed.map(String) };
}

function parseJsonMap(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
