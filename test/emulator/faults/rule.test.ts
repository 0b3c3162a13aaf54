import { describe, expect, it } from 'vitest';
import { FaultSyntaxError, parseRule } from '../../../src/emulator/faults/rule.ts';
import { lab } from '../control/lab.ts';

const { services } = lab().engine;
const parse = (text: string) => parseRule(text, services);

describe('rules', () => {
  it.each<[string, object]>([
    ['sqs:DeleteMessage drop 1', { service: 'sqs', operation: 'DeleteMessage', kind: 'drop', rate: 1, remaining: 1 }],
    ['s3 throttle 5%', { service: 's3', operation: undefined, kind: 'throttle', rate: 0.05, remaining: undefined }],
    ['latency 200ms', { service: undefined, operation: undefined, kind: 'latency', ms: 200, rate: 1 }],
    ['sns latency 1.5s 50%', { service: 'sns', kind: 'latency', ms: 1500, rate: 0.5 }],
    ['sqs duplicate 5%', { service: 'sqs', kind: 'duplicate', rate: 0.05 }],
    ['sqs reorder', { service: 'sqs', kind: 'reorder', rate: 1 }],
    [
      'sns:Publish error InternalError 10%',
      { service: 'sns', operation: 'Publish', kind: 'error', code: 'InternalError', when: 'before', rate: 0.1 },
    ],
    ['sns:Publish error InternalError after 2', { code: 'InternalError', when: 'after', remaining: 2 }],
    [
      'error ServiceUnavailable before 0.5%',
      { service: undefined, code: 'ServiceUnavailable', when: 'before', rate: 0.005 },
    ],
    ['  sqs   drop  ', { text: 'sqs drop', kind: 'drop' }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each<[string, RegExp]>([
    ['', /is empty/],
    ['ec2 throttle', /'ec2' is neither a kind .* nor a service \(.*sqs/],
    ['__proto__ drop', /'__proto__' is neither/],
    ['sqs', /'' is no kind of fault/],
    ['sqs explode', /'explode' is no kind of fault; there are error, throttle/],
    ['sqs:DeleteMesage drop', /sqs has no operation 'DeleteMesage'/],
    ['sqs:deletemessage drop', /is DeleteMessage meant\?/],
    ['sqs:constructor drop', /no operation 'constructor'/],
    ['sqs error', /needs AWS's error code/],
    ['sqs error 5%', /needs AWS's error code/],
    ['latency', /needs a duration/],
    ['latency 200', /needs a duration/],
    ['latency 2m', /needs a duration/],
    ['latency 61s', /up to 60s/],
    ['sqs throttle 0%', /'0%' is neither a rate/],
    ['sqs throttle 101%', /'101%' is neither a rate/],
    ['sqs throttle -1', /'-1' is neither/],
    ['sqs throttle 5% 3', /'3' does not belong there/],
    ['sqs throttle after', /after is for errors/],
    ['sqs:SendMessage reorder', /reorder does nothing to SendMessage; it works on sqs:ReceiveMessage/],
    ['s3 duplicate', /duplicate does nothing to s3; it works on sqs:ReceiveMessage, sns:Publish/],
    ['sqs:ReceiveMessage drop', /drop does nothing to ReceiveMessage; it works on sqs:DeleteMessage/],
  ])('refuses %j', (text, expected) => {
    expect(() => parse(text)).toThrow(FaultSyntaxError);
    expect(() => parse(text)).toThrow(expected);
  });
});
