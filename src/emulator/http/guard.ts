import { remembering } from '../core/remembering.ts';
import { namesAction } from '../protocols/identify.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Names that a domain's owner has made to point to 127.0.0.1. A browser does not know that they are loopback names. */
const PUBLIC_LOOPBACK = 'localhost.localstack.cloud';
/** `bucket.s3.amazonaws.com`, `bucket.s3.eu-central-1.amazonaws.com`: what a client sends that was led here by a proxy. */
const BUCKET_HOST = /\.s3([.-][a-z0-9-]+)?\.amazonaws\.com$/;

const OF_A_PAGE = 'requests of web pages are not answered';

type Headers = Record<string, string | undefined>;

/**
 * Why a request is refused, or undefined. The engine is for programs on this machine. A web page open in a browser on
 * this machine can send requests to it as well, and, where its own host name is made to resolve to 127.0.0.1, even read
 * the answers; neither a foreign Host nor what marks a page's request (Origin, Sec-Fetch-Site, Referer) is accepted.
 */
export function refusal({ method, url, headers }: { method: string; url: string; headers: Headers }) {
  const { host, origin, referer } = headers;
  if (host !== undefined && !isOurHost(host))
    return `the host ${JSON.stringify(host.slice(0, 100))} is not this engine`;
  if (origin !== undefined) return `${OF_A_PAGE} (Origin)`;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return `${OF_A_PAGE} (Sec-Fetch-Site)`;
  if (referer !== undefined && hostOf(referer) !== host?.toLowerCase()) return `${OF_A_PAGE} (Referer)`;
  return method === 'POST' ? undefined : refusalOfAction(url, headers);
}

/**
 * An action in a URL is what an image, a link or a redirect can ask for. Browsers mark such a request as a page's only
 * for loopback names, and not where a redirect follows an address that was typed. A page cannot send an Authorization
 * header without asking first, so that header lets an action pass where a browser may have sent it.
 */
function refusalOfAction(url: string, headers: Headers): string | undefined {
  if (!namesAction(url) || headers.authorization !== undefined) return undefined;
  if (isOfBrowser(headers)) return 'a browser may not call an action by its URL; sign the request';
  if (headers.host === undefined || isLoopbackName(nameOf(headers.host))) return undefined;
  return 'an action in a URL needs an Authorization header, unless the host is 127.0.0.1 or localhost';
}

// Sec-Fetch-Mode says nothing: fetch() of Node.js sends it too.
function isOfBrowser(headers: Headers): boolean {
  return headers['sec-fetch-site'] !== undefined || headers['user-agent']?.startsWith('Mozilla/') === true;
}

const isLoopbackName = (name: string) => LOOPBACK.has(name) || /^[a-z0-9._-]+\.localhost$/.test(name);

const nameOf = (host: string) =>
  host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');

export const isOurHost = remembering((host): boolean => {
  const name = nameOf(host);
  if (isLoopbackName(name) || name === PUBLIC_LOOPBACK) return true;
  if (!/^[a-z0-9._-]+$/.test(name)) return false;
  return name.endsWith(`.${PUBLIC_LOOPBACK}`) || BUCKET_HOST.test(name);
});

/** Host and port of a URL; undefined when it is none. */
const hostOf = (url: string) => /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase();

/** Addresses that the server may listen on. */
export function isLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === 'localhost';
}
