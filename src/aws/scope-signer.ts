import type { ClientName } from './target.ts';

/** The part of an SDK's HTTP request that is signed. */
interface Request {
  headers: Record<string, string>;
}

/** Services whose signatures have another name. */
const SIGNING_NAMES: Partial<Record<ClientName, string>> = { cloudwatch: 'monitoring' };

/** An Authorization header that tells service and region, and signs nothing. The key is the well-known `test`. */
export function scopeOnly(client: ClientName, region: string): string {
  const scope = `20260101/${region}/${SIGNING_NAMES[client] ?? client}/aws4_request`;
  const signature = '0'.repeat(64);
  return `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
}

/**
 * Signs for the emulator inside this process, which reads from the credential scope which service is meant and checks no
 * signature: computing one for every call would be a quarter of all the work.
 */
export class ScopeSigner {
  readonly #authorization: string;

  constructor(client: ClientName, region: string) {
    this.#authorization = scopeOnly(client, region);
  }

  async sign<R extends Request>(request: R): Promise<R> {
    request.headers['x-amz-date'] = '20260101T000000Z';
    request.headers.authorization = this.#authorization;
    return request;
  }
}
