import type { Emulator } from '../../src/emulator/index.ts';

/** Programs with names, in any language: they call an engine over the wire, without an SDK. */
export function programsOf(emulator: Pick<Emulator, 'handle'>) {
  async function send(headers: Record<string, string>, url: string, body: Buffer, method = 'POST') {
    const response = await emulator.handle({ method, url, headers: { host: '127.0.0.1:4566', ...headers }, body });
    const text = String(response.body);
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** A program that calls itself `name` with AWS_SDK_UA_APP_ID; `more` are headers of its calls. */
  function program(name: string, more: Record<string, string> = {}) {
    const headersOf = (service: string) => ({
      'user-agent': `aws-sdk-test/1.0 ua/2.1 app/${name}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      ...more,
    });
    const json = (service: string, prefix: string) => async (operation: string, input: object) => {
      const target = { 'x-amz-target': `${prefix}.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
      return (await send({ ...headersOf(service), ...target }, '/', Buffer.from(JSON.stringify(input)))).body;
    };
    return {
      sqs: json('sqs', 'AmazonSQS'),
      dynamodb: json('dynamodb', 'DynamoDB_20120810'),
      async sns(Action: string, input: Record<string, string>) {
        const form = new URLSearchParams({ Action, Version: '2010-03-31', ...input }).toString();
        const type = { 'content-type': 'application/x-www-form-urlencoded' };
        return (await send({ ...headersOf('sns'), ...type }, '/', Buffer.from(form))).body as string;
      },
      s3: (method: string, path: string, body = '') => send(headersOf('s3'), path, Buffer.from(body), method),
    };
  }

  return { send, program };
}

export type Program = ReturnType<ReturnType<typeof programsOf>['program']>;

/** A queue `jobs` (visibility 30 s) and a table `orders` with the key `id`; resolves with the queue's URL. */
export async function jobsAndOrders({ program }: { program(name: string): Program }): Promise<string> {
  const setup = program('setup');
  const { QueueUrl } = await setup.sqs('CreateQueue', { QueueName: 'jobs' });
  await setup.dynamodb('CreateTable', {
    TableName: 'orders',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  return QueueUrl as string;
}
