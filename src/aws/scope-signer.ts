/** The part of an SDK's HTTP request that is signed. */
interface Request {
  headers: Record<string, string>;
}

interface Scope {
  service: string;
  region: string | (() => Promise<string>);
}

/**
 * Signs for the emulator inside this process, which reads which service is meant from the credential scope and checks no
 * signature: computing one for every call would be a quarter of all the work. The key is the well-known `test`.
 */
export class ScopeSigner {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async sign<R extends Request>(request: R): Promise<R> {
    const { service, region } = this.#scope;
    const place = typeof region === 'string' ? region : await region();
    request.headers['x-amz-date'] = '20260101T000000Z';
    request.headers.authorization =
      `AWS4-HMAC-SHA256 Credential=test/20260101/${place}/${service}/aws4_request, ` +
      `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
    return request;
  }
}
