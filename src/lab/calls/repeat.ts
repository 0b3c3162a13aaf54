import type { WholeCall } from './call.ts';

/** A call as another program may make it again; no credentials are in it but the well-known test key. */
export interface RepeatTarget {
  endpoint: string;
}

/** Commands of the AWS CLI that are not called as the service is. */
const CLI_SERVICES: Readonly<Record<string, string>> = { s3: 's3api' };

/** `aws --endpoint-url ... dynamodb put-item --region ... --cli-input-json '...'` (AWS CLI User Guide, Skeletons). */
export function cliCommand(call: WholeCall, { endpoint }: RepeatTarget): string {
  const service = CLI_SERVICES[call.service] ?? call.service;
  const words = ['aws', '--endpoint-url', endpoint, '--region', call.region, service, kebabCase(call.operation)];
  const input = inputOf(call);
  if (Object.keys(input).length > 0) words.push('--cli-input-json', JSON.stringify(input));
  return words.map(quoted).join(' ');
}

/** The same over HTTP, in the form in which the service takes it. Undefined for services whose requests are no JSON or form. */
export function curlCommand(call: WholeCall, { endpoint }: RepeatTarget): string | undefined {
  const body = bodyOf(call);
  if (body === undefined) return undefined;
  const credential = `Credential=${call.account === '000000000000' ? 'test' : call.account}/20260101/${call.region}/${SCOPES[call.service]}/aws4_request`;
  const headers = {
    ...body.headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
  };
  const words = ['curl', '-sS', '-X', 'POST', `${endpoint.replace(/\/+$/, '')}/`];
  for (const [name, value] of Object.entries(headers)) words.push('-H', `${name}: ${value}`);
  return [...words, '--data-binary', body.text].map(quoted).join(' ');
}

/** Clients of the SDK for JavaScript v3, by service: `@aws-sdk/client-sqs` has SQSClient. */
const SDK_CLIENTS: Readonly<Record<string, readonly [module: string, client: string]>> = {
  sqs: ['sqs', 'SQSClient'],
  sns: ['sns', 'SNSClient'],
  dynamodb: ['dynamodb', 'DynamoDBClient'],
  s3: ['s3', 'S3Client'],
  cloudwatch: ['cloudwatch', 'CloudWatchClient'],
  logs: ['cloudwatch-logs', 'CloudWatchLogsClient'],
  sts: ['sts', 'STSClient'],
};

/** A program that makes the call with the SDK for JavaScript; undefined for a service that has no client. */
export function sdkProgram(call: WholeCall, { endpoint }: RepeatTarget): string | undefined {
  const [module, client] = SDK_CLIENTS[call.service] ?? [];
  if (module === undefined) return undefined;
  const settings = { endpoint, region: call.region, ...(call.service === 's3' && { forcePathStyle: true }) };
  const source = `'@aws-sdk/client-${module}'`;
  return [
    `import { ${client}, ${call.operation}Command } from ${source};`,
    '',
    `const client = new ${client}(${JSON.stringify(settings)});`,
    `console.log(await client.send(new ${call.operation}Command(${JSON.stringify(inputOf(call), undefined, 2)})));`,
  ].join('\n');
}

/** Names in the credential scope. */
const SCOPES: Readonly<Record<string, string>> = {
  ...{ sqs: 'sqs', sns: 'sns', dynamodb: 'dynamodb', sts: 'sts' },
  ...{ cloudwatch: 'monitoring', logs: 'logs' },
};

const JSON_TARGETS: Readonly<Record<string, readonly [version: string, prefix: string]>> = {
  sqs: ['1.0', 'AmazonSQS'],
  dynamodb: ['1.0', 'DynamoDB_20120810'],
  logs: ['1.1', 'Logs_20140328'],
  cloudwatch: ['1.0', 'GraniteServiceVersion20100801'],
};
const QUERY_VERSIONS: Readonly<Record<string, string>> = { sns: '2010-03-31', sts: '2011-06-15' };

function bodyOf(call: WholeCall): { headers: Record<string, string>; text: string } | undefined {
  const json = JSON_TARGETS[call.service];
  if (json !== undefined) {
    const [version, prefix] = json;
    const type = { 'content-type': `application/x-amz-json-${version}` };
    const headers = { ...type, 'x-amz-target': `${prefix}.${call.operation}` };
    // A leading @ would make curl read a file; JSON begins with a brace.
    return { headers, text: JSON.stringify(inputOf(call)) };
  }
  const version = QUERY_VERSIONS[call.service];
  if (version === undefined) return undefined;
  const form = new URLSearchParams({ Action: call.operation, Version: version });
  for (const [name, value] of formFields(inputOf(call), '')) form.append(name, value);
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: form.toString() };
}

/** Members of the Query protocol: `PublishBatchRequestEntries.member.1.Id`, `MessageAttributes.entry.1.Name`. */
function* formFields(value: unknown, path: string): Generator<[string, string]> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* formFields(element, `${path}.member.${index + 1}`);
  } else if (typeof value === 'object' && value !== null) {
    if (MAPS.test(path)) yield* mapFields(value, path);
    else
      for (const [name, member] of Object.entries(value))
        yield* formFields(member, path === '' ? name : `${path}.${name}`);
  } else if (value !== undefined && value !== null) yield [path, String(value)];
}

/** Where SNS's inputs have maps; message attributes name their members otherwise than others. */
const MAPS = /(^|\.)(Attributes|MessageAttributes)$/;

function* mapFields(map: object, path: string): Generator<[string, string]> {
  const [key, content] = path.endsWith('MessageAttributes') ? ['Name', 'Value'] : ['key', 'value'];
  for (const [index, [name, member]] of Object.entries(map).entries()) {
    yield [`${path}.entry.${index + 1}.${key}`, name];
    yield* formFields(member, `${path}.entry.${index + 1}.${content}`);
  }
}

/** Members that begin so are the log's own. */
function inputOf({ input }: WholeCall): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {};
  return Object.fromEntries(Object.entries(input).filter(([name]) => !name.startsWith('$')));
}

/** As the AWS CLI makes commands of operations (botocore, xform_name): `PutItem` is put-item, `ListObjectsV2` list-objects-v2. */
export function kebabCase(operation: string): string {
  return operation
    .replace(/([a-z\d])([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z])([A-Z]+)/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** One word for a POSIX shell, whatever it holds. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
