const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', 'localhost.localstack.cloud']);
const LOOPBACK_DOMAINS = ['.localhost', '.localhost.localstack.cloud'];
/** `bucket.s3.amazonaws.com`, `bucket.s3.eu-central-1.amazonaws.com`: what a client sends that was led here by a proxy. */
const BUCKET_HOST = /\.s3([.-][a-z0-9-]+)?\.amazonaws\.com$/;

/**
 * Why a request is refused, or undefined. The engine is for programs on this machine. A web page open in a browser on
 * this machine can send requests to it as well, and, where its own host name is made to resolve to 127.0.0.1, even read
 * the answers; neither a foreign Host nor a page's Origin is accepted.
 */
export function refusal(headers: Record<string, string | undefined>): string | undefined {
  const { host, origin } = headers;
  if (host !== undefined && !isOurHost(host))
    return `the host ${JSON.stringify(host.slice(0, 100))} is not this engine`;
  if (origin !== undefined) return 'requests of web pages are not answered (Origin)';
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return 'requests of web pages are not answered (Sec-Fetch-Site)';
  return undefined;
}

export function isOurHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  if (LOOPBACK.has(name)) return true;
  if (!/^[a-z0-9._-]+$/.test(name)) return false;
  return LOOPBACK_DOMAINS.some((domain) => name.endsWith(domain)) || BUCKET_HOST.test(name);
}

/** Addresses that the server may listen on. */
export function isLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === 'localhost';
}
