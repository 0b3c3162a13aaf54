import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, utcTime, utf8 } from './der.ts';

/** A certificate with its chain, and its key: what a TLS server presents. PEM. */
export interface ServerIdentity {
  cert: string;
  key: string;
}

export interface AuthorityOptions {
  /** Common name; the key's own number is added, for clients keep authorities of the same name apart by it alone. */
  name: string;
  /** It can vouch for these DNS names and what is below them, for loopback addresses, and for nothing else. */
  domains: readonly string[];
  /** Milliseconds since the epoch, by the machine's clock. */
  now: number;
}

const DAY_MS = 86_400_000;
/** Some clients refuse certificates that are valid for more. */
const VALID_DAYS = 397;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const LOOPBACK_ADDRESSES = [
  Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]),
  Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 0xff)]),
];

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const newKeys = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/**
 * A certificate authority in memory: its key is never written anywhere, so it ends with the process. X.509 version 3 by RFC
 * 5280, as strict verifiers want it; docs/decisions/0007-certificates.md says why without a library.
 */
export class Authority {
  readonly #keys = newKeys();
  /** One for all servers; made at the first. */
  #serverKeys: KeyPair | undefined;
  readonly #name: Buffer;
  readonly #now: number;
  /** PEM. */
  readonly certificate: string;

  constructor({ name, domains, now }: AuthorityOptions) {
    this.#now = now;
    const id = keyId(this.#keys.publicKey);
    this.#name = nameOf(`${name} ${id.toString('hex').slice(0, 12)}`);
    const permitted = [
      ...domains.map((domain) => sequence(implicit(2, Buffer.from(domain)))),
      ...LOOPBACK_ADDRESSES.map((address) => sequence(implicit(7, address))),
    ];
    this.certificate = this.#certificate(this.#name, this.#keys.publicKey, [
      extension('2.5.29.19', sequence(boolean(true)), true),
      // keyCertSign and cRLSign.
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
      extension('2.5.29.14', octets(id)),
      extension('2.5.29.30', sequence(explicit(0, ...permitted)), true),
    ]);
  }

  /** For a server that clients call by these DNS names and addresses. */
  issue(names: readonly string[]): ServerIdentity {
    this.#serverKeys ??= newKeys();
    const { publicKey, privateKey } = this.#serverKeys;
    const certificate = this.#certificate(nameOf(names[0]!.slice(0, 64)), publicKey, [
      extension('2.5.29.19', sequence(), true),
      // digitalSignature.
      extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
      // serverAuth.
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(...names.map(alternativeName))),
      extension('2.5.29.14', octets(keyId(publicKey))),
      extension('2.5.29.35', sequence(implicit(0, keyId(this.#keys.publicKey)))),
    ]);
    return {
      cert: certificate + this.certificate,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
  }

  #certificate(subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[]): string {
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    // Different for different contents, and of no more than 20 bytes.
    const serial = createHash('sha256').update(spki).update(subject).update(Buffer.concat(extensions)).digest();
    serial[0] = 0x40 | (serial[0]! & 0x3f);
    const contents = sequence(
      explicit(0, integer(Buffer.from([2]))),
      integer(serial.subarray(0, 16)),
      ECDSA_WITH_SHA256,
      this.#name,
      sequence(utcTime(this.#now - DAY_MS), utcTime(this.#now + (VALID_DAYS - 1) * DAY_MS)),
      subject,
      spki,
      explicit(3, sequence(...extensions)),
    );
    const signature = sign('sha256', contents, this.#keys.privateKey);
    return pem(sequence(contents, ECDSA_WITH_SHA256, bits(signature)));
  }
}

const nameOf = (commonName: string) => sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));

const extension = (id: string, value: Buffer, critical = false) =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

const alternativeName = (name: string) =>
  isIP(name) === 0 ? implicit(2, Buffer.from(name)) : implicit(7, addressBytes(name));

const addressBytes = (address: string) =>
  address === '::1' ? LOOPBACK_ADDRESSES[1]!.subarray(0, 16) : Buffer.from(address.split('.').map(Number));

const keyId = (key: KeyObject) =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
