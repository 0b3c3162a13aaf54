import { createHash } from 'node:crypto';

/** What is not secret here, and every JVM's own trust store has. */
export const TRUST_STORE_PASSWORD = 'changeit';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

/**
 * Certificates as a Java key store of type JKS, which every JVM reads (OpenJDK, sun.security.provider.JavaKeyStore): its
 * entries, then SHA-1 over the password in UTF-16, a fixed text and the entries.
 */
export function javaTrustStore(certificates: readonly string[], now: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(MAGIC, 0);
  head.writeUInt32BE(VERSION, 4);
  head.writeUInt32BE(certificates.length, 8);
  const entries = Buffer.concat([head, ...certificates.map((pem, index) => entry(`cliffracer-${index}`, pem, now))]);
  const password = Buffer.from(TRUST_STORE_PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(entries).digest();
  return Buffer.concat([entries, digest]);
}

function entry(alias: string, pem: string, now: number): Buffer {
  const raw = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  const kind = Buffer.alloc(4);
  kind.writeUInt32BE(TRUSTED_CERTIFICATE);
  const rest = Buffer.alloc(8);
  rest.writeBigUInt64BE(BigInt(Math.floor(now)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(raw.length);
  return Buffer.concat([kind, text(alias), rest, text('X.509'), length, raw]);
}

function text(ascii: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(ascii.length);
  return Buffer.concat([length, Buffer.from(ascii, 'latin1')]);
}
