import type { AwsError } from '../core/errors.ts';
import type { ServiceModel } from '../models/model.ts';
import { resolveError } from './errors.ts';
import { commonHeaders, s3RequestId } from './rest-response.ts';
import type { EmulatorResponse, Exchange } from './wire.ts';
import { escapeXml, XML_DECLARATION } from './xml-write.ts';

/** Statuses of S3's error codes other than 400 (S3 API Reference, "List of error codes"); the model has only a few. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ...codes(301, 'PermanentRedirect'),
  ...codes(304, 'NotModified'),
  ...codes(
    403,
    'AccessDenied',
    'AllAccessDisabled',
    'InvalidAccessKeyId',
    'InvalidObjectState',
    'SignatureDoesNotMatch',
  ),
  ...codes(404, 'NoSuchBucket', 'NoSuchBucketPolicy', 'NoSuchKey', 'NoSuchLifecycleConfiguration', 'NoSuchTagSet'),
  ...codes(404, 'NoSuchUpload', 'NoSuchVersion', 'NoSuchPublicAccessBlockConfiguration', 'NotFound'),
  ...codes(404, 'ServerSideEncryptionConfigurationNotFoundError'),
  ...codes(405, 'MethodNotAllowed'),
  ...codes(409, 'BucketAlreadyExists', 'BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'ConditionalRequestConflict'),
  ...codes(409, 'OperationAborted'),
  ...codes(411, 'MissingContentLength'),
  ...codes(412, 'PreconditionFailed'),
  ...codes(416, 'InvalidRange'),
  ...codes(500, 'InternalError'),
  ...codes(501, 'NotImplemented'),
  ...codes(503, 'ServiceUnavailable', 'SlowDown'),
]);

function codes(status: number, ...names: string[]): [string, number][] {
  return names.map((name) => [name, status]);
}

/** Names that the rest of the emulator uses, in S3's words. */
const S3_CODES: ReadonlyMap<string, string> = new Map([
  ['AccessDeniedException', 'AccessDenied'],
  ['InternalFailure', 'InternalError'],
  ['RequestEntityTooLarge', 'EntityTooLarge'],
  ['ThrottlingException', 'SlowDown'],
  ['Throttling', 'SlowDown'],
  ['InvalidAction', 'NotImplemented'],
]);

/** S3's error document. HEAD and 304 have none: clients then see the status only. */
export function restErrorWriter(model: ServiceModel): (error: AwsError, exchange: Exchange) => EmulatorResponse {
  return (error, exchange) => {
    const wire = resolveError(model, error);
    const code = S3_CODES.get(wire.code) ?? wire.code;
    const status = error.status ?? STATUS.get(code) ?? wire.status;
    const { $headers, ...fields } = wire.fields;
    const headers = { ...commonHeaders(exchange), 'content-type': 'application/xml', ...($headers as object) };
    if (exchange.request.method === 'HEAD' || status === 304) return { status, headers, body: '' };
    const details = Object.keys(fields).length > 0 ? fields : { Resource: exchange.request.url.split('?', 1)[0] };
    const all = { Code: code, Message: wire.message, ...details, RequestId: s3RequestId(exchange.requestId) };
    const elements = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    const hostId = `<HostId>${headers['x-amz-id-2' as keyof typeof headers]}</HostId>`;
    return { status, headers, body: `${XML_DECLARATION}<Error>${elements.join('')}${hostId}</Error>` };
  };
}
