import { describe, expect, it } from 'vitest';
import { ACCOUNT, failure, queueWorld } from './queue-world.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:order-events';
const OTHER = '111111111111';

const policyFor = (topic: string) =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  });

describe('a topic that delivers to a queue', () => {
  const deliver = async (attributes: Record<string, string>, more: object = {}) => {
    const world = queueWorld();
    const fifo = attributes.FifoQueue === 'true';
    const QueueUrl = await world.create(fifo ? 'q.fifo' : 'q', attributes);
    const caller = { service: 'sns', sourceArn: TOPIC };
    const scope = { service: 'sqs' as const, account: ACCOUNT, region: 'us-east-1', caller };
    const input = { QueueUrl, MessageBody: 'event', ...more };
    return { world, QueueUrl, sent: world.engine.call({ ...scope, operation: 'SendMessage', input }) };
  };

  it('may when the policy of the queue says so', async () => {
    const { world, QueueUrl, sent } = await deliver({ Policy: policyFor(TOPIC) });
    await sent;
    expect(await world.bodies(QueueUrl)).toEqual(['event']);
  });

  it('may send to a FIFO queue with its ids', async () => {
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const { world, QueueUrl, sent } = await deliver({ FifoQueue: 'true', Policy: policyFor(TOPIC) }, ids);
    await sent;
    expect((await world.receive(QueueUrl))[0]!.Attributes).toMatchObject(ids);
  });

  it.each([
    ['there is no policy', {}],
    ['the policy is for another topic', { Policy: policyFor(`${TOPIC}-2`) }],
  ])('may not when %s', async (_, attributes) => {
    const { world, QueueUrl, sent } = await deliver(attributes as Record<string, string>);
    expect(await failure(sent)).toBe(
      'AccessDenied: Access to the resource arn:aws:sqs:us-east-1:000000000000:q is denied.',
    );
    expect(await world.depths(QueueUrl)).toEqual([0, 0, 0]);
  });
});

describe('another account', () => {
  it('may do what the policy of the queue grants it, and nothing else', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const foreign = { account: OTHER };
    const send = () => world.call('SendMessage', { QueueUrl, MessageBody: 'a' }, foreign);
    expect(await failure(send())).toMatch(/^AccessDenied/);
    const grant = { QueueUrl, Label: 'producer', AWSAccountIds: [OTHER], Actions: ['SendMessage', 'GetQueueUrl'] };
    await world.call('AddPermission', grant);
    await send();
    const Entries = [{ Id: '1', MessageBody: 'b' }];
    await world.call('SendMessageBatch', { QueueUrl, Entries }, foreign);
    const find = { QueueName: 'q', QueueOwnerAWSAccountId: ACCOUNT };
    expect(await world.call('GetQueueUrl', find, foreign)).toEqual({ QueueUrl });
    expect(await failure(world.call('ReceiveMessage', { QueueUrl }, foreign))).toMatch(/^AccessDenied/);
    expect(
      await failure(world.call('SendMessage', { QueueUrl, MessageBody: 'a' }, { account: '222222222222' })),
    ).toMatch(/^AccessDenied/);
    await world.call('RemovePermission', { QueueUrl, Label: 'producer' });
    expect(await failure(send())).toMatch(/^AccessDenied/);
    expect(await world.bodies(QueueUrl)).toEqual(['a', 'b']);
  });

  it('may not change a queue, whatever the policy (SQS Developer Guide, limitations of custom policies)', async () => {
    const world = queueWorld();
    const Policy = JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:*' } });
    const QueueUrl = await world.create('q', { Policy });
    const foreign = { account: OTHER };
    expect(await failure(world.call('DeleteQueue', { QueueUrl }, foreign))).toMatch(/^AccessDenied/);
    await world.call('PurgeQueue', { QueueUrl }, foreign);
  });

  it('has queues of its own by the same name, in each region', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    await world.send(QueueUrl, 'a');
    const { QueueUrl: theirs } = await world.call('CreateQueue', { QueueName: 'q' }, { account: OTHER });
    expect(theirs).toBe(`http://127.0.0.1:4566/${OTHER}/q`);
    expect(await world.call('ReceiveMessage', { QueueUrl: theirs }, { account: OTHER })).toEqual({});
    const elsewhere = { service: 'sqs' as const, account: ACCOUNT, region: 'eu-west-1', operation: 'ListQueues' };
    expect(await world.engine.call({ ...elsewhere, input: {} })).toEqual({});
  });

  it('that has no such queue says so', async () => {
    const world = queueWorld();
    const message = 'QueueDoesNotExist: The specified queue does not exist.';
    expect(await failure(world.send(`http://localhost/${OTHER}/q`, 'a'))).toBe(message);
    for (const owner of [OTHER, 'x']) {
      const find = { QueueName: 'q', QueueOwnerAWSAccountId: owner };
      expect(await failure(world.call('GetQueueUrl', find))).toBe(message);
    }
  });
});

describe('AddPermission and RemovePermission', () => {
  it('write the policy as AWS does', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const add = (Label: string, AWSAccountIds: string[], Actions: string[]) =>
      world.call('AddPermission', { QueueUrl, Label, AWSAccountIds, Actions });
    const policy = async () => JSON.parse((await world.attributes(QueueUrl, 'Policy')).Policy ?? 'null');
    await add('first', [ACCOUNT], ['ReceiveMessage']);
    await add('second', [ACCOUNT, OTHER], ['SendMessage', 'DeleteMessage']);
    expect(await policy()).toEqual({
      Version: '2008-10-17',
      Id: 'arn:aws:sqs:us-east-1:000000000000:q/SQSDefaultPolicy',
      Statement: [
        {
          Sid: 'first',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::000000000000:root' },
          Action: 'SQS:ReceiveMessage',
          Resource: 'arn:aws:sqs:us-east-1:000000000000:q',
        },
        {
          Sid: 'second',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::000000000000:root', 'arn:aws:iam::111111111111:root'] },
          Action: ['SQS:SendMessage', 'SQS:DeleteMessage'],
          Resource: 'arn:aws:sqs:us-east-1:000000000000:q',
        },
      ],
    });
    expect(await failure(add('first', [OTHER], ['*']))).toBe(
      'InvalidParameterValueException: Value first for parameter Label is invalid. Reason: Already exists.',
    );
    await world.call('RemovePermission', { QueueUrl, Label: 'first' });
    expect((await policy()).Statement).toHaveLength(1);
    await world.call('RemovePermission', { QueueUrl, Label: 'second' });
    expect(await policy()).toBeNull();
    expect(await failure(world.call('RemovePermission', { QueueUrl, Label: 'second' }))).toBe(
      "InvalidParameterValueException: Value second for parameter Label is invalid. Reason: can't find label.",
    );
  });

  it.each([
    [{ Label: 'a b' }, /^InvalidParameterValueException: Value a b for parameter Label/],
    [{ AWSAccountIds: ['12'] }, /Value 12 for parameter PrincipalId is invalid\. Reason: Unable to verify\.$/],
    [{ Actions: [] }, /The request must contain the parameter Actions\.$/],
    [{ AWSAccountIds: [] }, /Value \[\] for parameter PrincipalId is invalid\. Reason: Unable to verify\.$/],
    [
      { Actions: ['CreateQueue'] },
      /Value SQS:CreateQueue for parameter ActionName is invalid\. Reason: Only the queue owner is allowed to invoke this action\.$/,
    ],
    [
      { Actions: ['Dance'] },
      /Value SQS:Dance for parameter ActionName is invalid\. Reason: Please refer to the appropriate WSDL for a list of valid actions\. $/,
    ],
    [
      { Actions: Array.from({ length: 8 }, () => 'SendMessage') },
      /^OverLimit: 8 Actions were found, maximum allowed is 7\.$/,
    ],
  ])('refuse %j', async (changes, message) => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const input = { QueueUrl, Label: 'l', AWSAccountIds: [OTHER], Actions: ['SendMessage'], ...changes };
    expect(await failure(world.call('AddPermission', input))).toMatch(message);
  });

  it('keep the statements that were there', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q', { Policy: policyFor(TOPIC) });
    await world.call('AddPermission', { QueueUrl, Label: 'l', AWSAccountIds: [OTHER], Actions: ['*'] });
    await world.call('RemovePermission', { QueueUrl, Label: 'l' });
    expect(JSON.parse((await world.attributes(QueueUrl, 'Policy')).Policy!)).toEqual(JSON.parse(policyFor(TOPIC)));
  });
});
