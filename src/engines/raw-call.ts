import { type HttpAnswer, httpCall } from './http.ts';

/** A call of an AWS API, as small as it can be. */
export interface RawCall {
  path: string;
  method: 'GET' | 'POST';
  /** In the credential scope, by which engines tell services apart. */
  scope: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

export const jsonCall = (scope: string, version: string, target: string, body: object = {}): RawCall => ({
  ...{ scope, path: '/', method: 'POST', body: JSON.stringify(body) },
  headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
});

export const queryCall = (scope: string, parameters: Readonly<Record<string, string>>): RawCall => ({
  ...{ scope, path: '/', method: 'POST', body: new URLSearchParams(parameters).toString() },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

/**
 * Calls an engine without the SDK: emulators take any signature, so a made-up one with the well-known test key is enough,
 * and no real key is ever used. Rejects as `httpCall` does.
 */
export function rawCall(endpoint: string, region: string, call: RawCall, timeoutMs: number): Promise<HttpAnswer> {
  const { path, method, scope, headers, body } = call;
  const authorization =
    `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${scope}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  return httpCall(endpoint.replace(/\/+$/, '') + path, {
    ...{ method, timeoutMs },
    body,
    headers: { 'user-agent': 'app/cliffracer', ...headers, authorization, 'x-amz-date': '20260101T000000Z' },
  });
}
