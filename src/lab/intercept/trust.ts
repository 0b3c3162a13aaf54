import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Environment } from '../../environment.ts';
import { javaTrustStore } from './trust-store.ts';

/** Files that say whom a program trusts: its own authorities as before, and one more. */
export interface TrustFiles {
  /** PEM, with the public authorities. */
  bundle: string;
  /** PEM, for programs that add to what they know. */
  extra: string;
  /** JKS. */
  javaStore: string;
  remove(): void;
}

/** Variables that name a file of authorities, which takes the place of the usual ones. */
const BUNDLES = ['AWS_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE'];

/**
 * Writes them into a new directory that is this user's alone. They hold certificates and no key. What the user's own
 * variables name goes into them.
 */
export function writeTrust(certificate: string, env: Environment, now: number): TrustFiles {
  const directory = mkdtempSync(join(tmpdir(), 'cliffracer-intercept-'));
  const write = (name: string, content: string | Buffer) => {
    const file = join(directory, name);
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
    return file;
  };
  const named = [...new Set(BUNDLES.flatMap((name) => env[name] || []))].map(readable).join('');
  return {
    bundle: write('bundle.pem', `${certificate}${rootCertificates.join('\n')}\n${named}`),
    extra: write('authority.pem', certificate + readable(env.NODE_EXTRA_CA_CERTS)),
    javaStore: write('truststore.jks', javaTrustStore([certificate, ...rootCertificates], now)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** What cannot be read a program would not have read either. */
function readable(file: string | undefined): string {
  try {
    return file ? `${readFileSync(file, 'utf8')}\n` : '';
  } catch {
    return '';
  }
}
