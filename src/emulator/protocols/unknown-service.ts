import type { EmulatorResponse, Exchange } from './wire.ts';
import { escapeErrorText } from './xml-write.ts';

/** The answer to a request for a service that the engine does not have, in the form that its client can read. */
export function unknownService(name: string, { request, requestId }: Exchange): EmulatorResponse {
  const message = `The service ${JSON.stringify(name.slice(0, 100))} is not part of the embedded engine.`;
  const common = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': 'InternalFailure' };
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const body =
      `<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>${escapeErrorText(message)}</Message>` +
      `</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: 501, headers: { 'content-type': 'text/xml', ...common }, body };
  }
  const body = JSON.stringify({ __type: 'InternalFailure', message });
  return { status: 501, headers: { 'content-type': 'application/json', ...common }, body };
}

/**
 * The answer to a Query request that is neither signed nor has a version, as AWS's services give it: "Could not find operation
 * GetSendStatistics for version 2012-12-01", and NO_VERSION_SPECIFIED in its place where there is none.
 */
export function withoutService(action: string, { requestId }: Exchange): EmulatorResponse {
  const message = `Could not find operation ${action.slice(0, 100)} for version NO_VERSION_SPECIFIED`;
  const body =
    `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>${escapeErrorText(message)}</Message>` +
    `</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, 'x-amzn-errortype': 'InvalidAction' };
  return { status: 400, headers, body };
}
