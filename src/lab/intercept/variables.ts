import type { Environment } from '../../environment.ts';
import type { TrustFiles } from './trust.ts';
import { TRUST_STORE_PASSWORD } from './trust-store.ts';

export interface InterceptionPlace {
  /** Of the proxy, on 127.0.0.1. */
  port: number;
  /** Host names and addresses that programs call directly. */
  direct: readonly string[];
  trust: TrustFiles;
  /** The file that Node.js programs load first. */
  preload: string;
}

/**
 * What leads the calls of programs in many languages through the proxy, and lets them trust it. Lower case for those that
 * read no other (curl's http_proxy, Ruby); the user's own proxies do not apply, for what they reach is refused.
 */
export function interceptionVariables(place: InterceptionPlace, env: Environment): Record<string, string> {
  const { port, trust, direct, preload } = place;
  const proxy = `http://127.0.0.1:${port}`;
  const none = direct.join(',');
  return {
    ...{ HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: '', all_proxy: '' },
    ...{ NO_PROXY: none, no_proxy: none },
    ...{ AWS_CA_BUNDLE: trust.bundle, REQUESTS_CA_BUNDLE: trust.bundle, CURL_CA_BUNDLE: trust.bundle },
    // The directory beside it stays what it is for whoever reads both: OpenSSL, Go.
    SSL_CERT_FILE: trust.bundle,
    NODE_EXTRA_CA_CERTS: trust.extra,
    NODE_OPTIONS: joined(env.NODE_OPTIONS, `--require ${nodeQuoted(preload)}`),
    JAVA_TOOL_OPTIONS: joined(env.JAVA_TOOL_OPTIONS, javaOptions(port, direct, trust).join(' ')),
  };
}

const joined = (before: string | undefined, ours: string) => (before ? `${before} ${ours}` : ours);

/** NODE_OPTIONS takes paths with spaces in double quotes, with a backslash before those in them. */
const nodeQuoted = (path: string) => `"${path.replace(/[\\"]/g, '\\$&')}"`;

/** System properties of Java ("Java Networking and Proxies"; JSSE Reference Guide): the last of a name counts. */
function javaOptions(port: number, direct: readonly string[], { javaStore }: TrustFiles): string[] {
  const hosts = direct.map((host) => (host.startsWith('.') ? `*${host}` : host.includes(':') ? `[${host}]` : host));
  const properties = {
    ...{
      'https.proxyHost': '127.0.0.1',
      'https.proxyPort': port,
      'http.proxyHost': '127.0.0.1',
      'http.proxyPort': port,
    },
    'http.nonProxyHosts': hosts.join('|'),
    ...{ 'javax.net.ssl.trustStore': javaStore, 'javax.net.ssl.trustStoreType': 'JKS' },
    'javax.net.ssl.trustStorePassword': TRUST_STORE_PASSWORD,
  };
  return Object.entries(properties).map(([name, value]) => {
    const option = `-D${name}=${value}`;
    return /\s/.test(option) ? `"${option}"` : option;
  });
}
