import type { ServiceId } from '../core/types.ts';
import type { ProtocolName } from '../models/model.ts';
import { bodyText } from './compression.ts';
import type { EmulatorRequest } from './wire.ts';

export interface Target {
  service: ServiceId;
  protocol: ProtocolName;
}

/** `unknown` is the name of a service that is not there; `action` what a Query request asks for that says of no service. */
export type Identified = Target | { unknown: string } | { action: string };

const BY_TARGET_PREFIX = new Map<string, ServiceId>([
  ['AmazonSQS', 'sqs'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['Logs_20140328', 'logs'],
  ['GraniteServiceVersion20100801', 'cloudwatch'],
  // Not of AWS: JSON for services that have none there, for clients that go without the SDK (docs/engine.md).
  ['CliffracerSNS', 'sns'],
  ['CliffracerS3', 's3'],
]);

/** Names of signatures' scopes. */
const BY_SIGNING_NAME = new Map<string, ServiceId>([
  ['sns', 'sns'],
  ['sqs', 'sqs'],
  ['dynamodb', 'dynamodb'],
  ['s3', 's3'],
  ['monitoring', 'cloudwatch'],
  ['logs', 'logs'],
  ['sts', 'sts'],
]);

const BY_API_VERSION = new Map<string, ServiceId>([
  ['2010-03-31', 'sns'],
  ['2012-11-05', 'sqs'],
  ['2010-08-01', 'cloudwatch'],
  ['2011-06-15', 'sts'],
]);

const CBOR_PATH = '/service/GraniteServiceVersion20100801/operation/';

/**
 * Which service and protocol a request is for: the target header of JSON, the path of RPC v2 CBOR, `Action=` of Query,
 * else S3. `signedFor` is the service in the signature's scope. A request that was made for a service which is not
 * there gives that service's name.
 */
export function identify(request: EmulatorRequest, signedFor: string | undefined): Identified {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const prefix = target.slice(0, target.lastIndexOf('.'));
    const service = BY_TARGET_PREFIX.get(prefix);
    return service === undefined ? { unknown: signedFor ?? prefix } : { service, protocol: 'json' };
  }
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') {
    if (request.url.startsWith(CBOR_PATH)) return { service: 'cloudwatch', protocol: 'cbor' };
    return { unknown: signedFor ?? request.url };
  }
  if (signedFor !== 's3' && isQuery(request)) {
    return queryTarget(request, signedFor);
  }
  if (signedFor === undefined || signedFor.startsWith('s3')) return { service: 's3', protocol: 'rest-xml' };
  return BY_SIGNING_NAME.has(signedFor) ? missingProtocol(signedFor, request) : { unknown: signedFor };
}

function isQuery(request: EmulatorRequest): boolean {
  if (request.method === 'POST' && request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return true;
  }
  return namesAction(request.url);
}

/** Whether a URL asks for an action of the Query protocol. */
export function namesAction(url: string): boolean {
  return url.includes('Action=') && /[?&]Action=/.test(url);
}

function queryTarget(request: EmulatorRequest, signedFor: string | undefined): Identified {
  if (signedFor !== undefined) {
    const signed = BY_SIGNING_NAME.get(signedFor);
    return signed === undefined ? { unknown: signedFor } : { service: signed, protocol: 'query' };
  }
  const version = parameterOf('Version', request);
  const service = version === undefined ? withoutVersion(request) : BY_API_VERSION.get(version);
  if (service !== undefined) return { service, protocol: 'query' };
  return version === undefined
    ? { action: parameterOf('Action', request) ?? '' }
    : { unknown: `of version ${version}` };
}

function parameterOf(name: 'Action' | 'Version', request: EmulatorRequest): string | undefined {
  const value = new RegExp(`(?:^|[?&])${name}=([^&]*)`);
  return (value.exec(request.url) ?? value.exec(bodyText(request)))?.[1];
}

function withoutVersion({ url }: EmulatorRequest): ServiceId | undefined {
  if (LINK_OF_SNS.test(url)) return 'sns';
  return QUEUE_PATH.test(url) ? 'sqs' : undefined;
}

/** The links in SNS's messages, which carry no version. */
const LINK_OF_SNS = /^\/\?Action=(?:Unsubscribe|ConfirmSubscription)&/;

/** Whoever sends to a queue's URL may leave the version out. */
const QUEUE_PATH = /^\/\d{12}\/[\w.-]+(?:\?|$)/;

/** Signed for a service that is there, in no protocol that it speaks: that service says so in its own way. */
function missingProtocol(signedFor: string, { method }: EmulatorRequest): Target {
  const service = BY_SIGNING_NAME.get(signedFor)!;
  const speaksQuery = service === 'sns' || service === 'sts' || (service === 'sqs' && method === 'GET');
  return { service, protocol: speaksQuery ? 'query' : 'json' };
}
