import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileOf } from '../lab/template/template.ts';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
});
afterEach(() => {
  // Templates go to engines only, so the shop's IAM policy has none of their operations.
  session.operations.clear();
  return session.close();
});

const QUEUE = 'Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}\n';
const WITH_FILTER = `${QUEUE}  Events: {Type: AWS::SNS::Topic, Properties: {TopicName: events}}
  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Events, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, FilterPolicy: {kind: [a]}}}
`;
const write = (text: string) => writeFileSync(join(session.home, 't.yaml'), text);

describe('lint', () => {
  test('a template in text: each code once, with what happens, a remedy and a page', async () => {
    const outcome = await session.run(`lint --template ${fileOf('thumbnails.sam.yaml')}`);
    expect(outcome.stdout).toMatchSnapshot();
    expect(outcome.code).toBe(0);
  });

  test('what is not known of a template is left out, and listed', async () => {
    write(`${QUEUE}  Other: {Type: AWS::SQS::Queu}\n`);
    const { code, stdout } = await session.run('lint --template t.yaml');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('not looked at\n  Resources.Other: resource type AWS::SQS::Queu is not known\n1 queue, '),
    ]);
    const left_out = [{ path: 'Resources.Other', message: 'resource type AWS::SQS::Queu is not known' }];
    expect((await session.run('lint --template t.yaml --json')).json()).toMatchObject({ left_out });
  });

  test('errors end with 1, warnings with 0', async () => {
    write(QUEUE);
    const warned = await session.run('lint --template t.yaml --json');
    expect([warned.code, warned.json().warnings]).toEqual([0, 1]);
    write(WITH_FILTER);
    const failed = await session.run('lint --template t.yaml --json');
    expect([failed.code, failed.json().errors]).toEqual([1, 1]);
  });

  test('what exists on the engine says the same as the template that made it', async () => {
    write(WITH_FILTER);
    await session.run('provision --template t.yaml');
    const there = (await session.run('lint --json')).json();
    const template = (await session.run('lint --template t.yaml --json')).json();
    expect(there).toEqual(template);
    expect(there.looked_at).toEqual({ queues: 1, topics: 1, subscriptions: 1, mappings: 0 });
  });

  test('attributes of published messages are compared with filter policies', async () => {
    write(WITH_FILTER);
    await session.run('provision --template t.yaml');
    const body = new URLSearchParams({
      ...{ Action: 'Publish', Version: '2010-03-31', Message: 'x' },
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:events',
      'MessageAttributes.entry.1.Name': 'type',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'a',
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=x';
    const answer = await fetch(session.endpoint, { method: 'POST', body, headers: { authorization } });
    expect(answer.status).toBe(200);
    const { findings } = (await session.run('lint --json')).json();
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'filter-key-never-sent', detail: 'never sent: kind' }),
    );
  });

  test('the shop itself has no errors', async () => {
    await session.run('provision');
    const { code, stdout } = await session.run('lint --json');
    expect([code, JSON.parse(stdout).errors, JSON.parse(stdout).looked_at.queues]).toEqual([0, 0, 10]);
  });

  test('without an engine: exit 3', async () => {
    expect((await session.run('lint', { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } })).code).toBe(3);
  });
});
