import { connect } from 'node:net';
import { parseResponse } from './connection.ts';
import type { Dice } from './dice.ts';
import { authorization } from './encode.ts';
import { record, type Tally } from './phase.ts';
import { weirdText } from './weird.ts';

const HOST = 'Host: 127.0.0.1\r\n';
const S3 = `${HOST}Authorization: ${authorization('s3')}\r\n`;
const JSON_HEAD = `POST / HTTP/1.1\r\n${HOST}X-Amz-Target: DynamoDB_20120810.PutItem\r\n`;
const withLength = (head: string, body: string) =>
  `${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
const deepXml = (depth: number) => '<a>'.repeat(depth);

/** What no client of AWS would ever send; each on a connection of its own. */
const CASES: readonly ((dice: Dice) => string | Buffer)[] = [
  (dice) => dice.bytes(1 + dice.int(200)),
  (dice) => `${dice.bytes(20).toString('latin1')}\r\n\r\n`,
  () => Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03]),
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  (dice) => `GET ${weirdText(dice).slice(0, 2000)} HTTP/1.1\r\n${HOST}\r\n`,
  (dice) => `${dice.pick(['FOO', 'get', '', 'CONNECT', 'TRACE'])} / HTTP/1.1\r\n${HOST}\r\n`,
  (dice) => `GET / HTTP/${dice.pick(['0.9', '1.0', '2.0', '9', 'x'])}\r\n${HOST}\r\n`,
  () => `GET / HTTP/1.1\r\n${HOST}${'a'.repeat(40_000)}: b\r\n\r\n`,
  () => `GET / HTTP/1.1\r\n${HOST}${Array.from({ length: 3000 }, (_, n) => `h${n}: x\r\n`).join('')}\r\n`,
  () => 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  () => `GET / HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\n\r\n`,
  () => `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${HOST}\r\n`,
  (dice) =>
    `POST / HTTP/1.1\r\n${HOST}Content-Length: ${dice.pick(['-1', '1e9', '0x10', '99999999999999999999', '5, 5', ' '])}\r\n\r\nhello`,
  () => `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  (dice) =>
    `PUT /b/k HTTP/1.1\r\n${S3}Transfer-Encoding: chunked\r\n\r\n${dice.pick(['zz\r\n', 'ffffffffffffffff\r\n', '5\r\nhelloX', '0\r\n\r\n', '-1\r\n'])}`,
  () => `PUT /b/k HTTP/1.1\r\n${S3}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`,
  () => `PUT /b/k HTTP/1.1\r\n${S3}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  () =>
    withLength(
      `PUT /fuzz-bucket/k HTTP/1.1\r\n${S3}X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n`,
      '5;x=y\r\nhel',
    ),
  (dice) =>
    withLength(
      `PUT /fuzz-bucket/k HTTP/1.1\r\n${S3}Content-Encoding: aws-chunked\r\n`,
      `${dice.pick(['ffffffff', '5', '-5', ''])}\r\nhello\r\n0\r\n__proto__: x\r\nx-amz-checksum-crc32: y\r\n\r\n`,
    ),
  (dice) => withLength(`POST /fuzz-bucket?delete HTTP/1.1\r\n${S3}`, deepXml(dice.pick([63, 66, 100_000]))),
  () =>
    withLength(
      `POST /fuzz-bucket?delete HTTP/1.1\r\n${S3}`,
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><Delete><Object><Key>&c;</Key></Object></Delete>',
    ),
  () =>
    withLength(
      `POST /fuzz-bucket?delete HTTP/1.1\r\n${S3}`,
      '<Delete><Object><Key>&#xD800;&#0;&x;</Key></Object></Delete>',
    ),
  () => withLength(`POST /fuzz-bucket?delete HTTP/1.1\r\n${S3}`, `<Delete ${'a="b" '.repeat(5000)}>`),
  () => withLength(`POST /fuzz-bucket?delete HTTP/1.1\r\n${S3}`, `<Delete${' '.repeat(100_000)}`),
  (dice) => withLength(JSON_HEAD, '['.repeat(dice.pick([50, 101, 1_000_000]))),
  (dice) => withLength(JSON_HEAD, `{"Item":${'{"M":{"a":'.repeat(dice.pick([10, 40, 10_000]))}`),
  () => withLength(JSON_HEAD, `{"TableName":"items","Item":{"id":{"N":"${'9'.repeat(100_000)}"}}}`),
  () => withLength(JSON_HEAD, `{"__proto__":{"TableName":"items"},"constructor":{"prototype":{"a":1}}}`),
  () => withLength(JSON_HEAD, `"${'\\'.repeat(100_001)}`),
  (dice) =>
    withLength(
      `POST / HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\n`,
      `Action=Publish&Version=2010-03-31&${dice.pick(['a.'.repeat(50_000), 'MessageAttributes.entry.99999999999.Name=x', '&'.repeat(100_000), 'a=1&'.repeat(30_000), '%'])}`,
    ),
  (dice) =>
    withLength(
      `POST /service/GraniteServiceVersion20100801/operation/PutMetricData HTTP/1.1\r\n${HOST}smithy-protocol: rpc-v2-cbor\r\n`,
      dice.pick([
        '\x81'.repeat(100_000),
        '\x9f',
        '\x5b\x00\x00\x00\x00\xff\xff\xff\xff',
        '\xbb\xff\xff\xff\xff\xff\xff\xff\xff',
        '\xa1\x69__proto__\xa0',
        '\xc1\xf9\x7e\x00',
      ]),
    ),
];

/** Sends a case, half-closes when asked to, and takes whatever comes: an answer, or the end of the connection. */
export async function sendHostile(port: number, tally: Tally, dice: Dice): Promise<void> {
  const index = dice.int(CASES.length);
  const bytes = Buffer.from(CASES[index]!(dice) as string, 'latin1');
  const cut = dice.chance(0.2) ? dice.int(bytes.length) : bytes.length;
  const leaves = dice.pick(['stays', 'stays', 'half-closes', 'goes'] as const);
  const request = { method: 'GET', url: '', headers: {}, body: bytes, label: `hostile ${index}` };
  const started = performance.now();
  const got = await exchange(port, bytes.subarray(0, cut), leaves);
  const answer = got === undefined ? undefined : parseResponse(got, false);
  const outcome =
    got === undefined ? { hung: true as const } : answer === undefined ? { closed: true as const } : answer;
  record(tally, request, bytes, outcome, performance.now() - started);
}

/** All that came back until one side ended it; undefined when the server neither answers nor ends it. */
function exchange(port: number, bytes: Buffer, leaves: 'stays' | 'half-closes' | 'goes'): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let got: Buffer = Buffer.alloc(0);
    const finish = (result: Buffer | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(undefined), PATIENCE_MS);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const found = parseResponse(got, false);
      if (found === undefined) return;
      if (found.response.status === 100) got = got.subarray(found.length);
      else finish(got);
    });
    socket.on('end', () => finish(got));
    socket.on('close', () => finish(got));
    socket.write(bytes, () => {
      if (leaves === 'half-closes') socket.end();
      if (leaves === 'goes') finish(got);
    });
  });
}

/** The engine under fuzzing gives slow clients two seconds at most. */
const PATIENCE_MS = 8_000;
