import { timingSafeEqual } from 'node:crypto';

export interface Place {
  /** `127.0.0.1:PORT`, and nothing else. */
  host: string;
  /** What whoever opened the page was given. */
  key: string;
}

/** A refused request, with the status of the answer. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message });

/**
 * Why a request is refused, or undefined. The page itself is no secret, and whoever knows the address may load it; what it
 * shows takes the key. A page of another site has neither the key nor our origin, whatever name it reaches us under.
 */
export function refusalOf(method: string, path: string, headers: Headers, { host, key }: Place): Refusal | undefined {
  if (headers.host !== host) return refusal(421, 'refused', 'this is not the host that was asked for');
  if (!path.startsWith('/api/')) {
    return method === 'GET' || method === 'HEAD' ? undefined : refusal(405, 'refused', 'the page is only read');
  }
  if (method !== 'POST') return refusal(405, 'refused', 'this path takes POST');
  const site = headers['sec-fetch-site'];
  if (headers.origin !== `http://${host}` || (site !== undefined && site !== 'same-origin')) {
    return refusal(403, 'refused', 'requests of other pages are not answered');
  }
  if (headers['content-type'] !== 'application/json') {
    return refusal(415, 'refused', 'the body must be application/json');
  }
  if (!isKey(headers.authorization, key))
    return refusal(401, 'credentials', 'the key of this console is missing or wrong');
  return undefined;
}

function isKey(authorization: string | string[] | undefined, key: string): boolean {
  const [given, wanted] = [Buffer.from(String(authorization ?? '')), Buffer.from(`Bearer ${key}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
