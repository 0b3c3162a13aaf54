// Signature Version 4 (AWS General Reference), as far as a load generator needs it: requests that are built once.
import { createHash, createHmac } from 'node:crypto';

const hash = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

const REGION = 'us-east-1';

/** Bytes of an HTTP/1.1 request, signed by test/test. */
export function signedRequest({ port, service, method = 'POST', path = '/', headers = {}, body = '' }) {
  const payload = Buffer.from(body);
  const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = now.slice(0, 8);
  const payloadHash = hash(payload);
  const all = { host: `127.0.0.1:${port}`, 'x-amz-date': now, 'x-amz-content-sha256': payloadHash, ...headers };
  const names = Object.keys(all).sort();
  const canonicalHeaders = names.map((name) => `${name}:${all[name]}\n`).join('');
  const [resource, query = ''] = path.split('?');
  const signedHeaders = names.join(';');
  const canonical = [method, resource, query, canonicalHeaders, signedHeaders, payloadHash].join('\n');
  const scope = `${day}/${REGION}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', now, scope, hash(canonical)].join('\n');
  const key = [day, REGION, service, 'aws4_request'].reduce(hmac, 'AWS4test');
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  all.authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  all['content-length'] = payload.length;
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`), payload]);
}
