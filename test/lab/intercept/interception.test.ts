import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { intercept } from '../../../src/lab/intercept/interception.ts';

const options = {
  endpoint: 'http://engine.test:4566',
  now: Date.now(),
  preload: '/a "b"/preload.cjs',
  onRefused() {},
};
const certificates = (file: string) => readFileSync(file, 'utf8').match(/BEGIN CERTIFICATE/g)!.length;

test('the files are of this user alone, hold no key, and go with the run', async () => {
  const { variables, close } = await intercept({ ...options, env: {} });
  const directory = dirname(variables.AWS_CA_BUNDLE!);
  const files = readdirSync(directory).map((name) => join(directory, name));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  expect(files.filter((file) => /PRIVATE|KEY-/.test(readFileSync(file, 'latin1')))).toEqual([]);
  expect(certificates(variables.AWS_CA_BUNDLE!)).toBe(rootCertificates.length + 1);
  expect(certificates(variables.NODE_EXTRA_CA_CERTS!)).toBe(1);
  close();
  expect(existsSync(directory)).toBe(false);
});

test('what the user has in the same variables stays in force, but for proxies', async () => {
  const first = await intercept({ ...options, env: {} });
  const authority = first.variables.NODE_EXTRA_CA_CERTS!;
  const { variables, close } = await intercept({
    ...options,
    env: {
      ...{ SSL_CERT_FILE: authority, REQUESTS_CA_BUNDLE: authority, AWS_CA_BUNDLE: '/no/such/file' },
      ...{ NODE_EXTRA_CA_CERTS: authority, NODE_OPTIONS: '--enable-source-maps', JAVA_TOOL_OPTIONS: '-Xmx64m' },
      ...{ HTTPS_PROXY: 'http://corporate:3128', NO_PROXY: '.amazonaws.com', ALL_PROXY: 'socks://corporate' },
    },
  });
  expect(certificates(variables.SSL_CERT_FILE!)).toBe(rootCertificates.length + 2);
  expect(certificates(variables.NODE_EXTRA_CA_CERTS!)).toBe(2);
  expect(variables.NODE_OPTIONS).toBe('--enable-source-maps --require "/a \\"b\\"/preload.cjs"');
  expect(variables.JAVA_TOOL_OPTIONS).toMatch(/^-Xmx64m -Dhttps.proxyHost=127.0.0.1 /);
  expect(variables.HTTPS_PROXY).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY']) {
    expect(variables[name.toLowerCase()]).toBe(variables[name]);
  }
  expect([variables.NO_PROXY, variables.ALL_PROXY]).toEqual(['localhost,127.0.0.1,::1,.localhost,engine.test', '']);
  close();
  first.close();
});

test('a store that Java reads', async () => {
  const { variables, close } = await intercept({ ...options, env: {} });
  const [, file] = /trustStore=(\S+)/.exec(variables.JAVA_TOOL_OPTIONS!)!;
  const store = readFileSync(file!);
  expect([store.readUInt32BE(0), store.readUInt32BE(4), store.readUInt32BE(8)]).toEqual([
    ...[0xfeedfeed, 2, rootCertificates.length + 1],
  ]);
  close();
});
