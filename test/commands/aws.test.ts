import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceId } from '../../src/emulator/core/types.ts';
import { Session } from '../support/session.ts';

/** The embedded engine stands in for AWS here: it shows what the program does, not that AWS does the same. */
const ACCOUNT = '123456789012';
const FLAGS = '--target aws --region eu-west-1 --stack team-a';

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
  // The engine takes a key of twelve digits for the account. As the SDK's default chain finds it.
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCOUNT);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-of-the-user');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await session.close();
});

const aws = (line: string, options: Parameters<Session['run']>[1] = {}) =>
  session.run(`${line} ${FLAGS}`, { aws: true, ...options });
const json = async (line: string) => (await aws(`${line} --json`)).json();
const engineCall = (service: ServiceId, operation: string, input: object) =>
  session.emulator!.engine.call({ service, operation, input, account: ACCOUNT, region: 'eu-west-1' });
const actions = (found: any[]): string[] => [...new Set(found.map(({ action }) => action))].sort();

describe('the main job', () => {
  test('ends as on an engine, and nothing secret is shown', async () => {
    const outcomes = [
      await aws('provision'),
      await aws('order create --customer ada --item laptop-pro:1'),
      await aws('drain'),
      await aws('inspect receipts'),
      await aws('inspect orders'),
    ];
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(outcomes[4]!.stdout).toContain('fulfilled');
    for (const { stdout, stderr } of outcomes) {
      expect(stderr).toContain(`AWS account ${ACCOUNT}, eu-west-1, stack team-a as arn:aws:iam::${ACCOUNT}:root`);
      expect(stdout + stderr).not.toContain('secret-of-the-user');
    }
    expect(outcomes[0]!.stdout).toMatch(/^Stack team-a in AWS account 123456789012, eu-west-1\n/);
  });

  test('account and region are in the documents too, and the bucket has them in its name', async () => {
    const made = await json('provision');
    expect(made).toMatchObject({ stack: 'team-a', account: ACCOUNT, region: 'eu-west-1' });
    expect(actions(made.resources)).toEqual(['created']);
    const bucket = made.resources.find(({ kind }: any) => kind === 'bucket');
    expect(bucket.resource).toBe('team-a-ecommerce-receipts-123456789012-eu-west-1');
    expect(actions((await json('provision')).resources)).toEqual(['unchanged']);
  });

  test('a variable can say it as the flag does; an empty one says nothing', async () => {
    const line = 'provision --region eu-west-1 --stack team-a --json';
    expect((await session.run(line, { aws: true, env: { CLIFFRACER_TARGET: 'aws' } })).json().account).toBe(ACCOUNT);
    const local = await session.run(line, { env: { CLIFFRACER_TARGET: '' } });
    expect(local.json()).not.toHaveProperty('account');
  });
});

describe('protections', () => {
  test('everything is encrypted, closed and refuses plain HTTP', async () => {
    await aws('provision');
    const bucket = { Bucket: 'team-a-ecommerce-receipts-123456789012-eu-west-1' };
    const tls = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const { Policy } = (await engineCall('s3', 'GetBucketPolicy', bucket)) as any;
    expect(JSON.parse(Policy).Statement).toMatchObject([tls]);
    expect(await engineCall('s3', 'GetPublicAccessBlock', bucket)).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    for (const queue of ['team-a-order-queue', 'team-a-order-queue-dlq']) {
      const QueueUrl = `http://x/${ACCOUNT}/${queue}`;
      const { Attributes } = (await engineCall('sqs', 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: ['All'],
      })) as any;
      const attributes = Attributes instanceof Map ? Object.fromEntries(Attributes) : Attributes;
      expect(attributes.SqsManagedSseEnabled).toBe('true');
      expect(JSON.parse(attributes.Policy).Statement.at(-1)).toMatchObject(tls);
    }
    const topic = { TopicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:team-a-order-events` };
    const { Attributes } = (await engineCall('sns', 'GetTopicAttributes', topic)) as any;
    const policy = Attributes instanceof Map ? Attributes.get('Policy') : Attributes.Policy;
    expect(JSON.parse(policy).Statement).toMatchObject([tls]);
  });

  test('one that was taken away is drift, and comes back', async () => {
    await aws('provision');
    const Bucket = 'team-a-ecommerce-receipts-123456789012-eu-west-1';
    await engineCall('s3', 'DeletePublicAccessBlock', { Bucket });
    await engineCall('s3', 'DeleteBucketPolicy', { Bucket });
    const drift = await aws('diff --exit-code');
    expect(drift.code).toBe(1);
    expect(drift.stdout).toMatch(
      /~ bucket .*: update\n {4}public_access_blocked +none -> true\n {4}Policy +none -> \{/,
    );
    expect((await aws('provision')).code).toBe(0);
    expect(await aws('diff --exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing: all is as it should be.'),
    });
  });
});

describe('the wrong place', () => {
  test('another account than --account is refused before anything is written', async () => {
    const outcome = await aws('provision --account 999999999999');
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect(outcome.stderr).toContain(`the credentials are of account ${ACCOUNT}, not 999999999999`);
    expect((await aws('order list')).code).toBe(4);
    expect((await aws(`provision --account ${ACCOUNT}`)).code).toBe(0);
  });

  test.each([
    ['order list --target aws --region eu-west-1', {}, 2, 'on AWS a stack has to be named'],
    ['order list --target aws --stack a', {}, 2, 'no region is set for AWS'],
    ['order list --target aws --stack a --region europe', {}, 2, 'is not an AWS region'],
    ['order list --target aws --stack a --region eu-west-1 --account 12', {}, 2, 'is not an AWS account'],
    ['order list --target gcp', {}, 2, '--target "gcp" is neither local nor aws'],
    ['order list', { CLIFFRACER_TARGET: 'prod' }, 2, 'CLIFFRACER_TARGET "prod" is neither local nor aws'],
    ['order list --profile shop', {}, 2, '--profile is for AWS, and the target is a local engine'],
    ['order list --account 123456789012', {}, 2, '--account is for AWS'],
    [`order list ${FLAGS} --endpoint-url http://127.0.0.1:1`, {}, 5, '--target aws and --endpoint-url exclude'],
    [
      `order list ${FLAGS}`,
      { AWS_ENDPOINT_URL: 'http://u:pw@127.0.0.1:1' },
      5,
      'and AWS_ENDPOINT_URL points elsewhere',
    ],
    [`order list ${FLAGS}`, { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' }, 5, 'and AWS_ENDPOINT_URL_SQS points'],
    [`up ${FLAGS}`, {}, 5, 'about an engine on this machine, and the target is AWS'],
    [`demo ${FLAGS}`, {}, 5, 'about an engine on this machine'],
    [`health ${FLAGS}`, {}, 5, 'about an engine on this machine'],
    [`clock show ${FLAGS}`, {}, 5, 'about an engine on this machine'],
    ['health', { CLIFFRACER_TARGET: 'aws' }, 5, 'say --target local, or unset CLIFFRACER_TARGET'],
    [`env ${FLAGS}`, {}, 5, 'about an engine on this machine'],
  ])('%s %j', async (line, env, code, text) => {
    const outcome = await session.run(line, { aws: true, env: env as Record<string, string> });
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(text);
    expect(outcome.stderr).not.toContain('pw');
  });

  test('AWS is never used because something is missing', async () => {
    const before = session.emulator!.engine.run;
    let calls = 0;
    session.emulator!.engine.run = (...args: Parameters<typeof before>) => {
      calls++;
      return before.apply(session.emulator!.engine, args);
    };
    const environments: Record<string, string>[] = [
      {},
      { AWS_ENDPOINT_URL: '' },
      { AWS_PROFILE: 'shop', AWS_REGION: 'eu-west-1' },
    ];
    for (const env of environments) {
      const outcome = await session.run('order list --endpoint-url http://127.0.0.1:9', { aws: true, env });
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).toContain('http://127.0.0.1:9');
    }
    expect(calls).toBe(0);
  });
});

describe('profiles', () => {
  const files = (config: string, credentials = '') => {
    const directory = join(session.home, '.aws');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'config'), config);
    writeFileSync(join(directory, 'credentials'), credentials);
    const env = {
      AWS_CONFIG_FILE: join(directory, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    return env;
  };

  test('one that does not exist is named, with those that do', async () => {
    const env = files('[profile shop]\nregion = eu-west-1\n[default]\n', '[old]\n');
    const flag = await session.run('order list --target aws --stack a --profile nobody', { aws: true, env });
    expect(flag).toMatchObject({ code: 2, stdout: '' });
    expect(flag.stderr).toContain('--profile "nobody" is not configured; there are shop, default, old');
    const variable = await session.run('order list --target aws --stack a --json', {
      aws: true,
      env: { ...env, AWS_PROFILE: 'nobody' },
    });
    expect(variable.json().error).toMatchObject({ code: 'unknown_profile' });
    expect(variable.json().error.message).toContain('AWS_PROFILE "nobody"');
  });

  test('region and credentials come from it, and keys of the environment do not get in', async () => {
    const keys = 'aws_access_key_id = 222222222222\naws_secret_access_key = other\n';
    const env = files('[profile shop]\nregion = eu-north-1\n', `[shop]\n${keys}`);
    const outcome = await session.run('provision --target aws --stack a --profile shop --json', { aws: true, env });
    expect(outcome.json()).toMatchObject({ account: '222222222222', region: 'eu-north-1' });
    const other = await session.run('provision --target aws --stack a --profile shop --account 123456789012', {
      aws: true,
      env,
    });
    expect(other.code).toBe(5);
    expect(other.stderr).toContain('the credentials of profile shop are of account 222222222222, not 123456789012');
  });

  test('without any credentials it says so, and how to see them', async () => {
    const env = files('');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    const outcome = await aws('order list', { env });
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('STS GetCallerIdentity failed: CredentialsProviderError');
    expect(outcome.stderr).toContain('try: check the credentials: aws sts get-caller-identity\n');
    expect((await aws('order list --json', { env })).json().error.code).toBe('credentials');
  });
});

describe("somebody else's resources", () => {
  const strangersTable = () =>
    engineCall('dynamodb', 'CreateTable', {
      TableName: 'team-a-orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'order_id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'order_id', KeyType: 'HASH' }],
    });

  test('are not taken over by provision, which then makes nothing at all', async () => {
    await strangersTable();
    const outcome = await aws('provision');
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect(outcome.stderr).toContain('not made by this program, so not changed: table team-a-orders');
    expect(actions((await json('diff')).resources)).toEqual(['create', 'update']);
  });

  test('are kept by destroy, and stop a reset', async () => {
    await aws('provision');
    const url = { QueueUrl: `http://x/${ACCOUNT}/team-a-payment-queue` };
    await engineCall('sqs', 'UntagQueue', { ...url, TagKeys: ['cliffracer:stack'] });
    const reset = await aws(`reset --yes --account ${ACCOUNT}`);
    expect(reset.code).toBe(5);
    expect(reset.stderr).toContain('not made by this program, so not changed: queue team-a-payment-queue');
    const removed = (await json(`destroy --yes --account ${ACCOUNT}`)).resources;
    expect(removed.filter(({ action }: any) => action === 'kept')).toMatchObject([
      { kind: 'queue', resource: 'team-a-payment-queue', detail: 'does not carry the tag of this stack' },
      { kind: 'subscription', resource: 'team-a-payment-queue' },
    ]);
  });

  test('are not even read: a topic without the tag stops every command', async () => {
    await engineCall('sns', 'CreateTopic', { Name: 'team-a-order-events' });
    for (const line of ['order list', 'drain', 'order create --customer ada --item keyboard:1']) {
      const outcome = await aws(line);
      expect(outcome).toMatchObject({ code: 5, stdout: '' });
      expect(outcome.stderr).toContain('topic team-a-order-events does not carry the tag of this stack');
    }
  });
});

describe.each(['destroy', 'reset'])('%s', (command) => {
  beforeEach(() => aws('provision'));

  test("goes on only when the stack's name was typed", async () => {
    for (const answer of ['', 'y', 'yes', 'team', 'team-b']) {
      const outcome = await aws(command, { answers: [answer] });
      expect(outcome).toMatchObject({ code: 5, stdout: '' });
      expect(outcome.stderr).toContain('is not the name of the stack; nothing was changed');
    }
    expect((await aws('order list')).code).toBe(0);
    expect((await aws(command, { answers: ['team-a'] })).code).toBe(0);
  });

  test('takes --yes together with --account alone', async () => {
    const bare = await aws(`${command} --yes`);
    expect(bare).toMatchObject({ code: 5, stdout: '' });
    expect(bare.stderr).toContain('on AWS --yes is not enough');
    expect((await aws(`${command} --yes --account 999999999999`)).code).toBe(5);
    expect((await aws(`${command} --yes --account ${ACCOUNT}`)).code).toBe(0);
  });

  test('asks nobody where there is no terminal', async () => {
    const outcome = await aws(command);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('give --yes with --account');
  });
});

describe('dlq purge', () => {
  const poison = () =>
    engineCall('sqs', 'SendMessage', {
      QueueUrl: `http://x/${ACCOUNT}/team-a-payment-queue-dlq`,
      MessageBody: 'poison',
    });

  test('takes the name of the stack too, or --yes with --account', async () => {
    await aws('provision');
    await poison();
    expect((await aws('dlq purge payment --yes')).code).toBe(5);
    expect((await aws('dlq purge payment', { answers: ['payment'] })).code).toBe(5);
    const { code, stdout } = await aws(`dlq purge payment --yes --account ${ACCOUNT}`);
    expect(code).toBe(0);
    expect(stdout).toContain('1 message');
  });

  test('leaves a queue alone that does not carry the tag', async () => {
    await aws('provision');
    await poison();
    const QueueUrl = `http://x/${ACCOUNT}/team-a-payment-queue-dlq`;
    await engineCall('sqs', 'UntagQueue', { QueueUrl, TagKeys: ['cliffracer:stack'] });
    const outcome = await aws(`dlq purge payment --yes --account ${ACCOUNT}`);
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect(outcome.stderr).toContain('queue team-a-payment-queue-dlq does not carry the tag of this stack');
  });
});

test('a missing stack is mended by a command that says where', async () => {
  const outcome = await aws('order list');
  expect(outcome.code).toBe(4);
  expect(outcome.stderr).toContain('table team-a-orders does not exist at AWS eu-west-1, stack team-a\n');
  expect(outcome.stderr).toContain('try: cliffracer provision --stack team-a --target aws --region eu-west-1\n');
});
