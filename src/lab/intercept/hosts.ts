/** Domains of AWS in every partition, dual-stack ones included, as the AWS SDK lists them. */
export const AWS_DOMAINS: readonly string[] = [
  ...['amazonaws.com', 'api.aws', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ...['amazonaws.eu', 'api.amazonwebservices.eu', 'c2s.ic.gov', 'api.aws.ic.gov', 'sc2s.sgov.gov', 'api.aws.scloud'],
  ...['csp.hci.ic.gov', 'api.aws.hci.ic.gov', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
];

/** A dot at the end names the same host. */
export function isAwsHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return AWS_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

export const HTTPS_PORT = 443;
export const HTTP_PORT = 80;

/** What goes to the engine; AWS has databases and caches behind its names as well, which speak no HTTP. */
export const isTakenByEngine = ({ host, port }: HostAndPort): boolean =>
  isAwsHost(host) && (port === HTTPS_PORT || port === HTTP_PORT);

/**
 * The bucket in a host of S3 (S3 User Guide, "Virtual hosting of buckets"): `b.s3.amazonaws.com`, `b.s3.eu-west-1...`,
 * `b.s3-eu-west-1...`, `b.s3.dualstack.eu-west-1...`, `b.s3-accelerate...`, `b.s3-fips...`. Buckets have dots too.
 */
export function bucketOf(host: string): string | undefined {
  const [, bucket, service] = /^(.+)\.(s3(?:[.-][a-z0-9.-]+?)?)\.[a-z-]+\.[a-z.]+$/.exec(host) ?? [];
  return service === undefined || /^s3-(control|accesspoint|website|outposts|object-lambda)/.test(service)
    ? undefined
    : bucket;
}

export interface HostAndPort {
  /** In lower case, without brackets. */
  host: string;
  port: number;
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*\\.?$`);

/** `host:port` as CONNECT and URLs have it; undefined for what is no DNS name or address with a port. */
export function parseAuthority(text: string, defaultPort?: number): HostAndPort | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]{2,45})\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = (bracketed ?? plain)?.toLowerCase();
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port === undefined || port < 1 || port > 65_535) return undefined;
  if (bracketed === undefined && !NAME.test(host)) return undefined;
  return { host: host.replace(/\.$/, ''), port };
}

/** Names and addresses of this machine alone. `0x7f.1` and the like are not taken for one. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host) || /^[a-z0-9._-]+\.localhost$/.test(host);
