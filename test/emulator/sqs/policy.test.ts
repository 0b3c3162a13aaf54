import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessRequest, isAllowed, like, parsePolicy } from '../../../src/emulator/sqs/policy.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:order-queue';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:order-events';

const fromTopic: AccessRequest = {
  principal: { service: 'sns.amazonaws.com' },
  action: 'sqs:SendMessage',
  resource: QUEUE,
  keys: new Map([
    ['aws:sourcearn', TOPIC],
    ['aws:sourceaccount', '000000000000'],
  ]),
};
const fromAccount: AccessRequest = { ...fromTopic, principal: { account: '111111111111' }, keys: new Map() };

const BASE = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
};

const decide = (statements: object | object[], request = fromTopic) =>
  isAllowed(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements })) ?? [], request);

describe('a policy allows a topic', () => {
  it.each([
    ['by service', {}],
    ['as one of several', { Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] } }],
    ['as anybody', { Principal: '*' }],
    ['as any AWS principal', { Principal: { AWS: '*' } }],
    ['by not being another', { Principal: undefined, NotPrincipal: { Service: 'events.amazonaws.com' } }],
    ['whatever the case of the action', { Action: 'SQS:sendmessage' }],
    ['by a wildcard of the action', { Action: ['sqs:Receive*', 'sqs:Send*'] }],
    ['for every action', { Action: '*' }],
    ['for all but another action', { Action: undefined, NotAction: 'sqs:DeleteMessage' }],
    ['by a wildcard of the resource', { Resource: 'arn:aws:sqs:*:*:order-*' }],
    ['without a resource', { Resource: undefined }],
    ['with ArnEquals', { Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } }],
    ['with ArnLike', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:order-*' } } }],
    ['with StringEquals, one of several', { Condition: { StringEquals: { 'aws:SourceArn': ['x', TOPIC] } } }],
    ['with StringLike', { Condition: { StringLike: { 'AWS:sourceARN': '*:order-event?' } } }],
    [
      'with StringEqualsIgnoreCase',
      { Condition: { StringEqualsIgnoreCase: { 'aws:SourceArn': TOPIC.toUpperCase() } } },
    ],
    [
      'with two conditions',
      {
        Condition: { ArnEquals: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': '000000000000' } },
      },
    ],
    ['with StringNotEquals', { Condition: { StringNotEquals: { 'aws:SourceAccount': '111111111111' } } }],
    ['with a negated operator on an absent key', { Condition: { StringNotLike: { 'aws:SourceIp': '10.*' } } }],
    ['with IfExists on an absent key', { Condition: { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } } }],
    ['with Null on an absent key', { Condition: { Null: { 'aws:SourceVpc': 'true' } } }],
  ])('%s', (_, changes) => {
    expect(decide({ ...BASE, ...changes })).toBe(true);
    expect(decide([{ ...BASE, ...changes }])).toBe(true);
  });
});

describe('a policy does not allow a topic', () => {
  it.each([
    ['by another service', { Principal: { Service: 'events.amazonaws.com' } }],
    ['by an account', { Principal: { AWS: '000000000000' } }],
    ['by not being it', { Principal: undefined, NotPrincipal: { Service: 'sns.amazonaws.com' } }],
    ['for another action', { Action: 'sqs:ReceiveMessage' }],
    ['for all but this action', { Action: undefined, NotAction: 'sqs:*' }],
    ['on another queue', { Resource: `${QUEUE}-dlq` }],
    ['from another topic', { Condition: { ArnEquals: { 'aws:SourceArn': `${TOPIC}2` } } }],
    ['with a wildcard in StringEquals', { Condition: { StringEquals: { 'aws:SourceArn': 'arn:*' } } }],
    [
      'when one of two conditions fails',
      {
        Condition: { ArnEquals: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ],
    ['with ArnNotLike', { Condition: { ArnNotLike: { 'aws:SourceArn': TOPIC } } }],
    ['with an absent key', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
    ['with IfExists on a key that differs', { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '1' } } }],
    ['with Null on a present key', { Condition: { Null: { 'aws:SourceArn': 'true' } } }],
    ['with an operator that there is not', { Condition: { Sounds: { 'aws:SourceArn': TOPIC } } }],
    ['by a deny alone', { Effect: 'Deny' }],
  ])('%s', (_, changes) => {
    expect(decide({ ...BASE, ...changes })).toBe(false);
  });

  it('when another statement denies it, in whatever order', () => {
    const deny = { ...BASE, Effect: 'Deny', Principal: '*', Condition: { StringEquals: { 'aws:SourceArn': TOPIC } } };
    expect(decide([BASE, deny])).toBe(false);
    expect(decide([deny, BASE])).toBe(false);
    const other = { ...deny, Condition: { StringEquals: { 'aws:SourceArn': 'other' } } };
    expect(decide([other, BASE])).toBe(true);
  });

  it('when there is no statement', () => {
    expect(decide([])).toBe(false);
  });
});

describe('an account', () => {
  it.each([
    ['by its number', '111111111111', true],
    ['by its root', 'arn:aws:iam::111111111111:root', true],
    ['among others', ['222222222222', 'arn:aws:iam::111111111111:root'], true],
    ['as anybody', '*', true],
    ['not by another', 'arn:aws:iam::222222222222:root', false],
  ])('is meant %s', (_, AWS, allowed) => {
    expect(decide({ ...BASE, Principal: { AWS } }, fromAccount)).toBe(allowed);
  });
});

describe('parsePolicy', () => {
  it.each([
    [''],
    ['{'],
    ['null'],
    ['[]'],
    ['{}'],
    [JSON.stringify({ Statement: [BASE, 'x'] })],
    [JSON.stringify({ Statement: { ...BASE, Effect: 'Maybe' } })],
    [JSON.stringify({ Statement: { ...BASE, Principal: undefined } })],
    [JSON.stringify({ Statement: { ...BASE, Action: undefined } })],
  ])('refuses %s', (text) => {
    expect(parsePolicy(text)).toBeUndefined();
  });

  it('keeps nothing of a deeply nested document but its strings', () => {
    const nest = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = JSON.stringify({ Statement: BASE }).replace('}}', `,"Extra":${nest}},"Other":${nest}}`);
    expect(structuredClone(parsePolicy(text))).toEqual(parsePolicy(JSON.stringify({ Statement: BASE })));
  });
});

describe('like', () => {
  it('agrees with a regular expression', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(texts, texts, (pattern, text) => {
        const expression = pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]');
        expect(like(pattern, text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
    );
  });

  it('is not to be kept busy', () => {
    expect(like(`${'*a'.repeat(1000)}b`, 'a'.repeat(10_000))).toBe(false);
  });
});
