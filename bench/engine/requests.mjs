// Requests as the current AWS SDK for JavaScript writes them: AWS JSON, Query for SNS, REST for S3.
import { Connection } from './http.mjs';
import { signedRequest } from './sign.mjs';

const JSON_TARGETS = {
  sqs: ['AmazonSQS', '1.0', 'sqs'],
  dynamodb: ['DynamoDB_20120810', '1.0', 'dynamodb'],
  monitoring: ['GraniteServiceVersion20100801', '1.0', 'monitoring'],
  logs: ['Logs_20140328', '1.1', 'logs'],
};

export function json(port, service, operation, input) {
  const [prefix, version, signingName] = JSON_TARGETS[service];
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${operation}` };
  return signedRequest({ port, service: signingName, headers, body: JSON.stringify(input) });
}

export function query(port, service, version, parameters) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ Version: version, ...parameters }).toString();
  return signedRequest({ port, service, headers, body });
}

export const sns = (port, parameters) => query(port, 'sns', '2010-03-31', parameters);

export const s3 = (port, method, path, body = '') =>
  signedRequest({ port, service: 's3', method, path, headers: { 'content-type': 'application/octet-stream' }, body });

/** Sends one request and gives the body of its answer; anything but 200 is an error. */
export async function call(connection, bytes) {
  // Some servers close a connection whenever they like.
  const { status, text } = await exchange(connection, bytes).catch(() => exchange(connection, bytes));
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 500)}`);
  return body;
}

function exchange(connection, bytes) {
  return new Promise((resolve, reject) => {
    connection.send(bytes, (status, response) => resolve({ status, text: response.toString('latin1') }), reject);
  });
}

/** Whether an engine answers a request of a service that it has. */
export async function answers(port, service) {
  const connection = new Connection(port);
  const probe = service === 'dynamodb' ? json(port, 'dynamodb', 'ListTables', {}) : json(port, 'sqs', 'ListQueues', {});
  try {
    await call(connection, probe);
    return true;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}
