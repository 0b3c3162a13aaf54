import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { Meter, STEPS_A_TURN } from '../../../src/emulator/core/work.ts';
import { compilePattern } from '../../../src/emulator/logs/pattern/pattern.ts';
import { isMatch, worked } from './matching.ts';

// CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log events, and
// Live Tail"; names of groups are its headings.

type Case = [pattern: string, message: string, matches: boolean];

const run = (cases: readonly Case[]) =>
  test.each(cases)('%s on %s: %s', (pattern, message, matches) => {
    expect(isMatch(pattern, message)).toBe(matches);
  });

describe('terms in unstructured log events', () => {
  const bad400 = '[ERROR 400] BAD REQUEST';
  const missing419 = '[ERROR 419] MISSING ARGUMENTS';
  run([
    ['', 'anything', true],
    ['   ', 'anything', true],
    ['" "', 'anything', true],
    ['""', 'anything', true],
    ['ERROR', bad400, true],
    ['ERROR', 'Exiting with ERRORCODE: -1', true],
    ['error', bad400, false],
    ['ERROR ARGUMENTS', missing419, true],
    ['ERROR ARGUMENTS', bad400, false],
    ['ARGUMENTS\tERROR', missing419, true],
    ['?ERROR ?ARGUMENTS', bad400, true],
    ['?ERROR ?ARGUMENTS', '[INFO] ok', false],
    ['?ERROR ?ARGUMENTS REQUEST', '[INFO] REQUEST FAILED', true],
    ['?ERROR ?ARGUMENTS REQUEST', '[ERROR] nothing', false],
    ['?ERROR -REQUEST', 'INFO', true],
    ['?ERROR -REQUEST', 'ERROR REQUEST', false],
    ['"INTERNAL SERVER ERROR"', '[ERROR 500] INTERNAL SERVER ERROR', true],
    ['"INTERNAL SERVER ERROR"', 'INTERNAL  SERVER ERROR', false],
    ['ERROR -ARGUMENTS', bad400, true],
    ['ERROR -ARGUMENTS', missing419, false],
    ['"ERROR" - "Exiting"', 'Exiting with ERRORCODE: -1', false],
    ['-ERROR', 'INFO', true],
    ['ERROR -"BAD REQUEST"', bad400, false],
    ['"say \\"hi\\" \\\\o/"', 'they say "hi" \\o/', true],
    ['"größe"', 'die größe', true],
  ]);
});

describe('regular expressions', () => {
  run([
    ['%AUTHORIZED%', '[ERROR 401] UNAUTHORIZED REQUEST', true],
    ['%AUTHORIZED%', 'authorized', false],
    ['%^[hc]at%', 'hat and cat', true],
    ['%^[hc]at%', 'a hat', false],
    ['%[hc]at$%', 'a cat', true],
    ['%[hc]at$%', 'cats', false],
    ['%colou?r%', 'color', true],
    ['%colou?r%', 'colour', true],
    ['%colou?r%', 'colouur', false],
    ['%[abcx-z]%', 'y', true],
    ['%[abcx-z]%', 'd', false],
    ['%^a{3,5}$%', 'aaaa', true],
    ['%^a{3,5}$%', 'aa', false],
    ['%^a{3,5}$%', 'aaaaaa', false],
    ['%^a{,2}$%', '', true],
    ['%^a{,2}$%', 'aaa', false],
    ['%^a{2,}$%', 'aaaaaa', true],
    ['%^a{2,}$%', 'a', false],
    ['%^a{2}$%', 'aa', true],
    ['%^a{2, 3}$%', 'aaa', true],
    ['%gray|grey%', 'a grey one', true],
    ['%^starting|^initializing|^shutting down%', 'shutting down', true],
    ['%^starting|^initializing|^shutting down%', 'skipping initializing', false],
    ['%abcc|ab[^c]$%', 'abcc ...', true],
    ['%abcc|ab[^c]$%', 'aba', true],
    ['%abcc|ab[^c]$%', 'aac', false],
    ['%\\[.\\]%', 'x [@] y', true],
    ['%\\[.\\]%', 'x [ab] y', false],
    ['%10\\.10\\.0\\.1%', '10.10.0.1', true],
    ['%10\\.10\\.0\\.1%', '10010,051', false],
    ['%10.10.0.1%', '10010,051', true],
    ['%^ab*c$%', 'ac', true],
    ['%^ab*c$%', 'abbbc', true],
    ['%^ab+c$%', 'ac', false],
    ['%^ab+c$%', 'abbc', true],
    ['%^a+b?a*$%', 'aabaa', true],
    ['%^a+b?a*$%', 'b', false],
    ['%.at%', '#at', true],
    ['%^.at%', 'at', false],
    ['%^.$%', '😀', true],
    ['%ERROR.500%', 'ERROR\n500', true],
    ['%\\d%', 'a1', true],
    ['%^\\D+$%', 'a1', false],
    ['%a\\sb%', 'a\tb', true],
    ['%a\\Sb%', 'a b', false],
    ['%^\\w+$%', 'a_1', true],
    ['%\\W%', 'a_1', false],
    ['%[\\d_]%', '_', true],
    ['%\\x28%', 'f(x)', true],
    ['%\\x3A%', 'a:b', true],
    ['%^[^a-z]+$%', 'ERROR-1', true],
    ['%^[^a-z]+$%', 'É', true],
    ['%[a-]%', '-', true],
  ]);

  test.each([
    ['%something!%'],
    ['%^(ERROR|WARN)%'],
    ['%ERROR(?= 500)%'],
    ['%café%'],
    ['%[abc%'],
    ['%[]%'],
    ['%[z-a]%'],
    ['%*a%'],
    ['%a**%'],
    ['%a{}%'],
    ['%a{x}%'],
    ['%a{3,2}%'],
    ['%a{1000}%'],
    ['%a{200}b{200}c{200}%'],
    ['%a$b%'],
    ['%a^b%'],
    ['%\\xZZ%'],
    ['%\\xFF%'],
    ['%\\n%'],
    ['%\\b%'],
    ['%abc\\%'],
    ['%%'],
    ['%unclosed'],
    ['%a% b'],
    ['%"%'],
  ])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(AwsError);
  });

  test('time is bounded where backtracking explodes', () => {
    const meter = new Meter();
    const pattern = '%a*a*a*a*a*a*a*a*a*a*a*a*b$%';
    expect(isMatch(pattern, `${'a'.repeat(5000)}c`, meter)).toBe(false);
    expect(isMatch(pattern, `b${'a'.repeat(5000)}c`, meter)).toBe(false);
    expect(meter.steps).toBeLessThan(5000 * 2 * 20);
  });
});

describe('long matches', () => {
  // Each character leads to places where none before it has led.
  let random = 1;
  const letters = Array.from({ length: 20_000 }, () => {
    random = (random * 48_271) % 2_147_483_647;
    return 'ab'[random & 1];
  });
  const long = `c${letters.join('')}`;
  const regex = `%${'a[ab]{240}c|'.repeat(2)}x%`;
  test.each([
    ['a regular expression', regex, `${long}x`, true],
    ['one that does not match', regex, long, false],
    ['a field', `[..., x = ${regex}]`, `1 ${long}`, false],
    ['a member', `{ $.x = ${regex} || $.x = "c*" }`, JSON.stringify({ x: long }), true],
  ])('%s gives way to others', (_name, pattern, message, expected) => {
    const meter = new Meter();
    const { value, turns } = worked(compilePattern(pattern, meter).matches(message));
    expect(value).toBe(expected);
    expect(turns).toBeGreaterThan(2);
    expect(meter.steps / turns).toBeLessThanOrEqual(STEPS_A_TURN);
  });

  test('the length of texts counts', () => {
    const meter = new Meter();
    for (const pattern of ['x', '{ $.x = 1 }', '[a, b]', '%x%']) isMatch(pattern, long, meter);
    expect(meter.steps).toBeGreaterThan(long.length);
  });
});

describe('space-delimited log events', () => {
  const line = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  const failed = 'ERROR 09/25/2014 12:00:02 Failed to process request';
  const info = 'INFO 09/25/2014 12:00:00 GET /service/resource/67 1200';
  run([
    ['[ip, user, username, timestamp, request, status_code, bytes]', line, true],
    ['[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]', line, true],
    ['[ip, user, username, timestamp, request =*.css*, status_code = 4*, bytes]', line, false],
    ['[..., request =*.html*, status_code = 4*, bytes]', line, true],
    ['[..., status_code, bytes]', line, true],
    ['[ip, user, ..., status_code = 404, bytes]', line, true],
    ['[ip, user, ...]', line, true],
    ['[ip, user, ...]', 'one', false],
    ['[..., a, b]', 'one', false],
    ['[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]', line, true],
    ['[ip, user, username, timestamp, request, status_code = 403 || status_code = 410, bytes]', line, false],
    ['[ip, user, username, timestamp, request, status_code = 4* && bytes > 1000]', line, false],
    ['[ip, user, username, timestamp, request, status_code, bytes > 1000]', line, true],
    ['[ip, user, username, timestamp, request, status_code, bytes > 2000]', line, false],
    ['[ip, user, username, timestamp, request, status_code, bytes <= 1534]', line, true],
    ['[ip, user, username, timestamp, request, status_code = 404.0, bytes]', line, true],
    ['[ip, user, username, timestamp, request, status_code = "404.0", bytes]', line, false],
    ['[ip, user = "Prod", ...]', line, true],
    ['[ip, user != Prod, ...]', line, false],
    ['[ip, user > 5, ...]', line, false],
    ['[..., request=*.html*, status_code=4*,]', line, true],
    ['[w1=ERROR, w2]', failed, true],
    ['[w1=ERROR, w2]', info, false],
    ['[w1=ERROR, w2]', 'ERROR', false],
    ['[w1=ERROR || w1=WARNING, w2]', failed, true],
    ['[w1!=ERROR && w1!=WARNING, w2]', info, true],
    ['[w1!=ERROR && w1!=WARNING, w2]', failed, false],
    ['[(w1=ERROR || w1=INFO) && w1!=INFO, w2]', failed, true],
    ['[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]', info, true],
    ['[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time = 1*]', info, true],
    ['[a, b = 2]', '1 2 3', false],
    ['[a, b = 2]', '  1   2 ', true],
    ['[a, b = 2]', 'ERROR "unclosed quote', false],
    ['[ERROR]', 'any line', true],
    ['[]', 'any line', true],
    ['[]', '', false],
  ]);

  test.each([
    ['[a, b'],
    ['[a, b] c'],
    ['[a == 1]'],
    ['[a > x]'],
    ['[a = ]'],
    ['[a = "open]'],
    ['[..., b, ...]'],
    ['[...fields, status=FAILED]'],
    ['[a = %x%, b = %y%, c = %z%]'],
    ['[a > %x%]'],
    ['[(a = 1, b]'],
    ['[a b]'],
    ['[a = 1 2]'],
  ])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(AwsError);
  });

  test('values are extracted by name, the others by position', () => {
    const pattern = compilePattern('[..., request=*.html*, status_code=4*,]');
    expect(Object.fromEntries(pattern.extract(line))).toEqual({
      $1: '127.0.0.1',
      $2: 'Prod',
      $3: 'frank',
      $4: '10/Oct/2000:13:25:15 -0700',
      $request: 'GET /index.html HTTP/1.0',
      $status_code: '404',
      $7: '1534',
    });
  });
});

test.each([
  ['ERROR:', "Invalid character(s) in term ':'"],
  ['?Status: timeout', "Invalid character(s) in term ':'"],
  ['foo@bar', "Invalid character(s) in term '@'"],
  ['ERR*', "Invalid character(s) in term '*'"],
  ['"ERROR', "Invalid character(s) in term '\"ERROR'"],
  ['ERROR && WARN', "Invalid character(s) in term '&'"],
  ['"order_id":"1"', "Invalid character(s) in term ':'"],
])('%s is refused: %s', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});
