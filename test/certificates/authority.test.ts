import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, rootCertificates, type Server } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { Authority } from '../../src/certificates/authority.ts';

// TLS reads the machine's clock.
const make = (domains: string[], now = Date.now()) => new Authority({ name: 'a test', domains, now });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What a client of TLS says of a server with this identity: `ok`, or its error. */
async function verdict(authority: Authority, names: string[], host: string, ca = authority.certificate) {
  const server = createServer(authority.issue(names), (socket) => void socket.on('error', () => {}).end());
  servers.push(server);
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername: host, ca });
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    socket.once('secureConnect', () => resolve(undefined));
    socket.once('error', resolve);
  });
  socket.destroy();
  return error === undefined ? 'ok' : `${error.code} ${error.message}`;
}

test('a client that trusts the authority takes its servers, and no other does', async () => {
  const authority = make(['amazonaws.com']);
  const names = ['sqs.us-east-1.amazonaws.com'];
  expect(await verdict(authority, names, names[0]!)).toBe('ok');
  expect(await verdict(authority, names, 'sns.us-east-1.amazonaws.com')).toContain('ALTNAME_INVALID');
  expect(await verdict(authority, names, names[0]!, rootCertificates[0])).toContain('self-signed certificate');
  expect(await verdict(make(['amazonaws.com']), names, names[0]!, authority.certificate)).toContain(
    'self-signed certificate',
  );
});

test.each([
  ['example.com', 'permitted subtree violation'],
  ['amazonaws.com.example.com', 'permitted subtree violation'],
  ['notamazonaws.com', 'permitted subtree violation'],
  [`${'b'.repeat(63)}.s3.us-east-1.amazonaws.com`, 'ok'],
])('it cannot vouch for what is not below its domains: %s', async (host, expected) => {
  expect(await verdict(make(['amazonaws.com']), [host], host)).toContain(expected);
});

test('what a certificate says', () => {
  const authority = make(['localhost'], Date.UTC(2026, 0, 2));
  const [leaf, own] = authority.issue(['a.localhost', '127.0.0.1', '::1']).cert.split(/(?<=END CERTIFICATE-----\n)/);
  const [server, issuer] = [new X509Certificate(leaf!), new X509Certificate(own!)];
  expect(server.checkIssued(issuer) && server.verify(issuer.publicKey)).toBe(true);
  expect([issuer.ca, server.ca, issuer.verify(issuer.publicKey)]).toEqual([true, false, true]);
  expect(server.subjectAltName).toBe('DNS:a.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect([server.validFrom, server.validTo]).toEqual(['Jan  1 00:00:00 2026 GMT', 'Feb  2 00:00:00 2027 GMT']);
  expect(issuer.subject).toMatch(/^CN=a test [0-9a-f]{12}$/);
});

test('no two certificates have one number, nor two authorities one name', () => {
  const authorities = [make(['localhost']), make(['localhost'])];
  const certificates = authorities.flatMap((authority) => [
    new X509Certificate(authority.certificate),
    ...['a.localhost', 'b.localhost'].map((name) => new X509Certificate(authority.issue([name]).cert)),
  ]);
  expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(6);
  expect(new Set(certificates.map(({ issuer }) => issuer)).size).toBe(2);
});
