import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { parseArn } from './arns.ts';
import { invalidParameter } from './errors.ts';
import type { QueueAddress, Topic } from './state.ts';

const PROTOCOLS = new Set(['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose']);
/** Their owners have to confirm with the token that is sent to them. */
const CONFIRMED_BY_OWNER = new Set(['http', 'https', 'email', 'email-json']);

export const PHONE_NUMBER = /^\+?[1-9]\d{6,14}$/;

/** Checks protocol and endpoint of a new subscription. */
export function checkEndpoint(topic: Topic, protocol: string, endpoint: string): void {
  if (!PROTOCOLS.has(protocol)) {
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
  if (topic.fifo && protocol !== 'sqs') {
    throw invalidParameter('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue');
  }
  switch (protocol) {
    case 'sqs':
      checkQueue(topic, endpoint);
      break;
    case 'http':
    case 'https':
      if (!endpoint.startsWith(`${protocol}://`)) {
        throw invalidParameter('Endpoint must match the specified protocol');
      }
      break;
    case 'email':
    case 'email-json':
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(endpoint)) throw invalidParameter('Email address');
      break;
    case 'sms':
      if (!PHONE_NUMBER.test(endpoint)) {
        throw new AwsError('InvalidParameterException', `Invalid SMS endpoint: ${endpoint}`);
      }
      break;
    case 'lambda':
      checkArn(endpoint, 'lambda', 'Lambda endpoint ARN');
      break;
    case 'firehose':
      checkArn(endpoint, 'firehose', 'Firehose endpoint ARN');
      break;
    default:
      checkArn(endpoint, 'sns', 'Application endpoint arn invalid');
  }
}

function checkArn(endpoint: string, service: string, parameter: string): void {
  if (parseArn(endpoint)?.service !== service) throw invalidParameter(parameter);
}

function checkQueue(topic: Topic, endpoint: string): void {
  if (queueAddress(endpoint) === undefined) throw invalidParameter('SQS endpoint ARN');
  if (endpoint.endsWith('.fifo') && !topic.fifo) {
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  }
}

/** The queue that an ARN names. */
export function queueAddress(text: string): QueueAddress | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'sqs' || !/^\d{12}$/.test(arn.account) || arn.region === '') return undefined;
  if (!/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/.test(arn.resource)) return undefined;
  return { region: arn.region, account: arn.account, name: arn.resource };
}

/**
 * A queue of another account has to be confirmed by its owner too, as has whatever somebody reads outside of AWS.
 * LocalStack confirms every queue at once.
 */
export function needsConfirmation({ account, settings }: Context, protocol: string, endpoint: string): boolean {
  if (CONFIRMED_BY_OWNER.has(protocol)) return true;
  return protocol === 'sqs' && !settings.lenient && queueAddress(endpoint)!.account !== account;
}
