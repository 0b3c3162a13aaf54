import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await new Session().engine();
});
afterAll(() => session.close());

describe('conformance', () => {
  test('compares the engine at the endpoint, and leaves nothing behind', async () => {
    const { code, stdout } = await session.run('conformance --areas Logs,S3');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^embedded .* at http:\/\/127\.0\.0\.1:\d+, compared with AWS\nAREA +ID +WHAT AWS DOES +VERDICT\n/,
    );
    expect(stdout).toMatch(/\nS3 +s3-list +keys are listed in the order of their bytes, page by page +as AWS\n/);
    expect(stdout).toMatch(/\n\d+ as AWS, 0 differ, 0 missing\n$/);
    expect(stdout).not.toContain('sqs-');
    const call = (service: 's3' | 'logs', operation: string) =>
      session.emulator!.engine.call({ service, operation, input: {}, account: '000000000000', region: 'us-east-1' });
    const left = [
      ...(await call('s3', 'ListBuckets')).Buckets.map(({ Name }: any) => Name),
      ...(await call('logs', 'DescribeLogGroups')).logGroups.map(({ logGroupName }: any) => logGroupName),
    ];
    expect(left.filter((name) => /conf/.test(name))).toEqual([]);
  });

  test('needs no running engine for the embedded one', async () => {
    const outcome = await session.run('conformance --engine embedded --areas S3 --json', {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toMatchObject({ engine: 'embedded', differs: 0, missing: 0 });
  });

  test('ends with 1 when something differs, and says what', async () => {
    await session.run('fault add "s3:DeleteObjects error AccessDenied"');
    const outcome = await session.run('conformance --areas S3');
    await session.run('fault clear');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain('\ns3-delete-many: S3 DeleteObjects failed: AccessDenied');
    expect(outcome.stdout).toMatch(/\n\d+ as AWS, 1 differ, 0 missing\n$/);
  });

  test.each([
    ['--engine moto', 1, 'embedded answers at http://127.0.0.1:'],
    ['--engine azure', 2, 'embedded, localstack, ministack, floci, moto'],
    ['--areas SQS,Mail', 2, 'SQS, SNS, DynamoDB, S3, CloudWatch, Logs, shop'],
    ['--target aws --stack a --region eu-west-1', 5, 'about an engine on this machine'],
  ])('%s', async (flags, code, text) => {
    const outcome = await session.run(`conformance ${flags}`, { env: { AWS_ENDPOINT_URL: session.endpoint } });
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(text);
  });
});

describe('diff', () => {
  test('is empty after provision, and lists what is missing before', async () => {
    const { code, stdout } = await session.run('diff --stack empty');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n\+ queue empty-order-queue: create\n {4}VisibilityTimeout +30\n/);
    expect((await session.run('diff --stack empty --exit-code')).code).toBe(1);
    await session.run('provision --stack empty');
    expect(await session.run('diff --stack empty --exit-code')).toMatchObject({
      code: 0,
      stdout: 'Stack empty: what would change\nNothing: all is as it should be.\n',
    });
  });

  test("shows somebody else's subscription, which is no drift", async () => {
    await session.run('provision');
    const call = (operation: string, input: object) =>
      session.emulator!.engine.call({ service: 'sns', operation, input, account: '000000000000', region: 'us-east-1' });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:order-events';
    await call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:mine' });
    const { code, stdout } = await session.run('diff --exit-code');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '? subscription sqs arn:aws:sqs:us-east-1:000000000000:mine: orphan\n    not ours; left alone\n',
    );
    const { drift, resources } = (await session.run('diff --json')).json();
    expect(drift).toBe(false);
    expect(resources).toMatchObject([{ kind: 'subscription', action: 'orphan' }]);
  });

  test('names old and new of every attribute, also in the document', async () => {
    await session.run('provision --stack changed');
    const input = {
      QueueUrl: `${session.endpoint}/000000000000/changed-order-queue`,
      Attributes: { VisibilityTimeout: '7', RedrivePolicy: '', SqsManagedSseEnabled: 'false' },
    };
    const place = { account: '000000000000', region: 'us-east-1' };
    await session.emulator!.engine.call({ service: 'sqs', operation: 'SetQueueAttributes', input, ...place });
    const { stdout } = await session.run('diff --stack changed');
    expect(stdout).toContain('~ queue changed-order-queue: update\n    VisibilityTimeout        7 -> 30\n');
    expect(stdout).toContain('    SqsManagedSseEnabled     false -> true\n');
    expect(stdout).toMatch(/ {4}RedrivePolicy +none -> \{"deadLetterTargetArn":"arn:/);
    const [{ changes }] = (await session.run('diff --stack changed --json')).json().resources;
    expect(changes).toContainEqual({ attribute: 'VisibilityTimeout', from: 7, to: 30 });
  });
});
