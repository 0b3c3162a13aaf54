import { cbor, dynamodb, filled, form, type Heavy, MIB, s3, sqs } from './heavy-requests.ts';

const XML: readonly Heavy[] = [
  ['elements, 64 MiB', filled('<Object><Key>a</Key></Object>', 64 * MIB, '')],
  ['elements', filled('<Object><Key>a</Key></Object>', 3.9 * MIB, '')],
  ['empty elements', filled('<a/>', 3.9 * MIB, '')],
  ['references', `<Object><Key>${filled('&#x41;', 3.9 * MIB, '')}</Key></Object>`],
  ['comments', `<Object><Key>${filled('a<!---->', 3.9 * MIB, '')}</Key></Object>`],
  ['sections', `<Object><Key>${filled('<![CDATA[a]]>', 3.9 * MIB, '')}</Key></Object>`],
  ['attributes', `<a ${Array.from({ length: 300_000 }, (_, n) => `a${n}=""`).join(' ')}/>`],
  ['line ends', `<Object><Key>${filled('\r\n', 3.9 * MIB, '')}</Key></Object>`],
  [
    '1,000 keys',
    Array.from({ length: 1000 }, (_, n) => `<Object><Key>${'k'.repeat(1000)}${n}</Key></Object>`).join(''),
  ],
].map(([label, inside]) => ({
  label: `XML: ${label}`,
  request: () => s3('POST', '/heavy-bucket?delete', `<Delete>${inside}</Delete>`),
}));

const put = (attribute: string) => `{"TableName":"heavy","Item":{"id":{"S":"a"},"a":${attribute}}}`;
const JSON_BODIES: readonly Heavy[] = [
  ['empty objects', put(`{"L":[${filled('{}', 15.9 * MIB)}]}`)],
  ['empty lists', put(`[${filled('[]', 15.9 * MIB)}]`)],
  ['a million keys', `{${Array.from({ length: 1_000_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
  ['numbers for keys', `{${Array.from({ length: 1_000_000 }, (_, n) => `"${n * 7}":1`).join(',')}}`],
  ['100,000 keys', `{${Array.from({ length: 49_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
  ['escapes', put(`{"S":"${filled('\\u0041', 15.9 * MIB, '')}"}`)],
  ['quotes', put(`{"S":"${filled('\\"', 15.9 * MIB, '')}"}`)],
  ['text', put(`{"S":"${filled('\u00fc', (15.9 * MIB) / 3, '')}"}`)],
  ['a long string', put(`{"S":"${filled('a', 15.9 * MIB, '')}"}`)],
  ['a long number', put(`{"N":${filled('9', 15.9 * MIB, '')}}`)],
  ['blanks', `${filled(' ', 15.9 * MIB, '')}{}`],
  ['small numbers', put(`{"L":[${filled('{"N":"1.5"}', 390_000)}]}`)],
  ['a set of numbers', put(`{"NS":[${Array.from({ length: 48_000 }, (_, n) => `"${n}.5"`).join(',')}]}`)],
  ['unknown members', `{"x":[${filled('1', 15.9 * MIB)}]}`],
  [
    'a batch of 16 MiB',
    JSON.stringify({
      RequestItems: {
        heavy: Array.from({ length: 25 }, (_, n) => ({
          PutRequest: { Item: { id: { S: `${n}` }, a: { S: 'x'.repeat(400_000) } } },
        })),
      },
    }),
  ],
].map(([label, body]) => ({
  label: `JSON: ${label}`,
  request: () => dynamodb(label!.includes('batch') ? 'BatchWriteItem' : 'PutItem', body!),
}));

const SQS_URL = 'http://127.0.0.1:4566/000000000000/heavy';
const OTHER_JSON: readonly Heavy[] = [
  {
    label: 'JSON: a message of 3.9 MiB',
    request: () => sqs('SendMessage', { QueueUrl: SQS_URL, MessageBody: filled('a', 3.9 * MIB, '') }),
  },
  {
    label: 'JSON: entries of a batch',
    request: () => sqs('SendMessageBatch', `{"QueueUrl":"${SQS_URL}","Entries":[${filled('{}', 3.9 * MIB)}]}`),
  },
  {
    label: 'JSON: a message of 1 MiB',
    request: () => sqs('SendMessage', { QueueUrl: SQS_URL, MessageBody: filled('é', MIB / 2, '') }),
  },
];

const CBOR: readonly Heavy[] = [
  ['empty lists', Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(3.9 * MIB, 0x80), Buffer.from([0xff])])],
  ['zeros', Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(3.9 * MIB, 0x00), Buffer.from([0xff])])],
  [
    'floats',
    Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(3.9 * MIB, Buffer.from([0xf9, 0x3c, 0x00])), Buffer.from([0xff])]),
  ],
  [
    'a map',
    Buffer.concat([
      Buffer.from([0xbf]),
      ...Array.from({ length: 300_000 }, (_, n) => Buffer.from(`\x66${String(n).padStart(6, '0')}\x00`, 'latin1')),
      Buffer.from([0xff]),
    ]),
  ],
  ['a bignum', Buffer.concat([Buffer.from([0xc2, 0x5a, 0x00, 0x3e, 0x00, 0x00]), Buffer.alloc(0x3e0000, 0xff)])],
  [
    'pieces of text',
    Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(3.9 * MIB, Buffer.from([0x61, 0x61])), Buffer.from([0xff])]),
  ],
  ['tags', Buffer.alloc(3.9 * MIB, 0xc1)],
].map(([label, body]) => ({ label: `CBOR: ${label}`, request: () => cbor(body as Buffer) }));

const publish = (more: string) => `Action=Publish&Version=2010-03-31&TopicArn=a&Message=m${more}`;
const QUERY: readonly Heavy[] = [
  ['parameters', filled('&a=1', 3.9 * MIB, '')],
  [
    '20,000 parameters',
    Array.from({ length: 19_000 }, (_, n) => `&MessageAttributes.entry.${n}.Value.StringValue=a`).join(''),
  ],
  ['parts of names', Array.from({ length: 19_000 }, (_, n) => `&${`a${n}.`.repeat(30)}b=1`).join('')],
  ['escapes', `&Subject=${filled('%C3%BC', 3.9 * MIB, '')}`],
  ['pluses', `&Subject=${filled('+', 3.9 * MIB, '')}`],
  ['ampersands', filled('&', 3.9 * MIB, '')],
].map(([label, more]) => ({ label: `Query: ${label}`, request: () => form('sns', publish(more!)) }));

/** Bodies that are long to read. */
export const DOCUMENTS: readonly Heavy[] = [...XML, ...JSON_BODIES, ...OTHER_JSON, ...CBOR, ...QUERY];
