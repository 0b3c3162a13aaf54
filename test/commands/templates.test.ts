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

const actions = (stack: { resources: { action: string }[] }) => [
  ...new Set(stack.resources.map(({ action }) => action)),
];

const written = (name: string, text: string) => {
  writeFileSync(join(session.home, name), text);
  return name;
};
const QUEUE = 'Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, VisibilityTimeout: 40}}\n';

describe('provision --template', () => {
  test.each(['orders.yaml', 'thumbnails.sam.yaml', 'PaymentsStack.template.json'])(
    '%s is planned, made, and unchanged at the second run',
    async (name) => {
      const line = `provision --template ${fileOf(name)} --json`;
      const plan = (await session.run(`${line} --plan`)).json();
      expect(actions(plan.stacks[0])).toEqual(['create']);
      const first = await session.run(line);
      expect(first.stderr).toBe('');
      expect(actions(first.json().stacks[0])).toEqual(['created']);
      const second = await session.run(line);
      expect(second.json().stacks[0].resources.filter(({ action }: any) => action !== 'unchanged')).toEqual([]);
      expect(actions((await session.run(`${line} --plan`)).json().stacks[0])).toEqual(['unchanged']);
    },
  );

  test('in text: what was made, functions with their queues, outputs', async () => {
    const { stdout, code } = await session.run(
      `provision --template ${fileOf('thumbnails.sam.yaml')} --stack-name pics`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test('as JSON: functions and mappings as data, names of variables as they are', async () => {
    const { functions, mappings } = (
      await session.run(`provision --template ${fileOf('thumbnails.sam.yaml')} --json`)
    ).json().stacks[0];
    expect(functions[0]).toMatchObject({ id: 'Resize', timeout: 30, memory: 256, code: { path: 'resize/' } });
    expect(functions[0].environment).toContainEqual({ name: 'LEVEL', value: 'debug' });
    expect(mappings[0]).toMatchObject({ function: functions[0].name, batch_size: 5, report_batch_item_failures: true });
  });

  test('a value that AWS refuses is told with the resource that has it', async () => {
    written('t.yaml', QUEUE.replace('40', '-5'));
    expect(await session.run('provision --template t.yaml')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: queue jobs: SQS CreateQueue failed: InvalidAttributeValue: /),
    });
  });

  test('a change of the template is planned attribute by attribute, and made', async () => {
    written('template.yaml', QUEUE);
    await session.run('provision --template template.yaml --stack-name jobs');
    written('template.yaml', QUEUE.replace('40', '90'));
    const plan = await session.run('provision --template template.yaml --stack-name jobs --plan');
    expect(plan.stdout).toContain('VisibilityTimeout        40 -> 90');
    const made = await session.run('provision --template template.yaml --stack-name jobs --json');
    expect(made.json().stacks[0].resources[0]).toMatchObject({
      action: 'updated',
      detail: 'VisibilityTimeout: 40 -> 90',
    });
  });

  test('what is not known is refused before anything is made, or left out and listed', async () => {
    written('t.yaml', `${QUEUE}  Api: {Type: AWS::ApiGateway::RestApi}\n`);
    const refused = await session.run('provision --template t.yaml');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Resources.Api: resource type AWS::ApiGateway::RestApi is not known');
    expect(refused.stderr).toContain('--skip-unknown');
    expect([...session.operations].filter((each) => /Create/.test(each))).toEqual([]);
    const made = await session.run('provision --template t.yaml --skip-unknown --json');
    expect(made.json().stacks[0].left_out).toEqual([
      { path: 'Resources.Api', message: 'resource type AWS::ApiGateway::RestApi is not known' },
    ]);
  });

  test('a template imports what one before it exports', async () => {
    written('a.yaml', `${QUEUE}Outputs: {Arn: {Value: !GetAtt Jobs.Arn, Export: {Name: jobs-arn}}}\n`);
    written(
      'b.yaml',
      'Resources:\n  Source:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy: {deadLetterTargetArn: !ImportValue jobs-arn, maxReceiveCount: 2}\n',
    );
    const made = await session.run('provision --template a.yaml --template b.yaml --json');
    expect(made.json().stacks.map(({ stack }: any) => stack)).toEqual(['a', 'b']);
    const alone = await session.run('provision --template b.yaml');
    expect(alone.stderr).toContain('no template given before this one exports jobs-arn');
  });

  test.each([
    ['provision --template none.yaml', 2, 'there is no such file'],
    ['provision --template .', 2, 'is no file'],
    ['provision --template t.yaml --parameter X', 2, '--parameter "X" is not NAME=VALUE'],
    ['provision --template t.yaml --parameter X=1', 2, 'the template has no parameter X: it has none'],
    ['provision --template t.yaml --stack-name 1x', 2, '"1x" is no name of a stack'],
    ['provision --skip-unknown', 2, 'go with --template'],
  ])('%s is refused', async (line, code, message) => {
    written('t.yaml', QUEUE);
    const outcome = await session.run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test('on AWS a template is not deployed', async () => {
    written('t.yaml', QUEUE);
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const line = 'provision --template t.yaml --target aws --region eu-west-1 --stack x';
    const { code, stderr } = await session.run(line, { aws: true, env });
    expect([code, stderr]).toEqual([5, expect.stringContaining('deployed by CloudFormation')]);
  });

  test('without an engine: exit 3', async () => {
    written('t.yaml', QUEUE);
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    expect((await session.run('provision --template t.yaml', { env })).code).toBe(3);
  });
});

describe('diff --template', () => {
  test('tells what is not as the template says, and with --exit-code fails', async () => {
    written('t.yaml', QUEUE);
    const before = await session.run('diff --template t.yaml --exit-code');
    expect([before.code, before.stdout]).toEqual([1, expect.stringContaining('+ queue jobs: create')]);
    await session.run('provision --template t.yaml');
    const same = await session.run('diff --template t.yaml --exit-code');
    expect([same.code, same.stdout]).toEqual([0, 'Stack t: what would change\nNothing: all is as it should be.\n']);
    written('t.yaml', QUEUE.replace('40', '90'));
    expect((await session.run('diff --template t.yaml --json')).json()).toMatchObject({
      ...{ planned: true, drift: true },
      stacks: [{ stack: 't', template: 't.yaml', resources: [{ resource: 'jobs', action: 'update' }] }],
    });
  });
});

describe('destroy --template', () => {
  test('removes what the template made, and nothing else', async () => {
    await session.run(`provision --template ${fileOf('orders.yaml')}`);
    written('t.yaml', QUEUE);
    await session.run('provision --template t.yaml');
    const { stacks } = (await session.run(`destroy --template ${fileOf('orders.yaml')} --yes --json`)).json();
    expect(actions(stacks[0])).toEqual(['deleted']);
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ queue: 'jobs' }]);
    expect(
      actions((await session.run(`destroy --template ${fileOf('orders.yaml')} --yes --json`)).json().stacks[0]),
    ).toEqual([]);
  });

  test('keeps what was there before, and what another stack made', async () => {
    await session.emulator!.engine.call({
      ...{ service: 'sqs', operation: 'CreateQueue', account: '000000000000', region: 'us-east-1' },
      input: { QueueName: 'jobs' },
    });
    written('t.yaml', `${QUEUE}  Own: {Type: AWS::SQS::Queue, Properties: {QueueName: own}}\n`);
    await session.run('provision --template t.yaml');
    expect(actions((await session.run('provision --template t.yaml --json')).json().stacks[0])).toEqual(['unchanged']);
    const other = await session.run('destroy --template t.yaml --stack-name other --yes --json');
    expect(actions(other.json().stacks[0])).toEqual(['kept']);
    const { stacks } = (await session.run('destroy --template t.yaml --yes --json')).json();
    expect(stacks[0].resources).toMatchObject([
      { resource: 'jobs', action: 'kept' },
      { resource: 'own', action: 'deleted' },
    ]);
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ queue: 'jobs' }]);
  });

  test('asks, and changes nothing on no', async () => {
    written('t.yaml', QUEUE);
    await session.run('provision --template t.yaml');
    const asked = await session.run('destroy --template t.yaml', { answers: [false] });
    expect([asked.code, asked.stdout]).toEqual([5, '']);
    expect((await session.run('destroy --template t.yaml')).stderr).toContain('give --yes');
    expect((await session.run('destroy --template t.yaml', { answers: [true] })).stdout).toMatch(/jobs +deleted/);
  });

  test.each([
    ['destroy --skip-unknown --yes', 2, 'go with --template'],
    ['diff --parameter a=b', 2, 'go with --template'],
    ['destroy --template none.yaml --yes', 2, 'there is no such file'],
  ])('%s is refused', async (line, code, message) => {
    const outcome = await session.run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test("on AWS a stack is CloudFormation's", async () => {
    written('t.yaml', QUEUE);
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const line = 'destroy --template t.yaml --yes --target aws --region eu-west-1 --stack x --account 000000000000';
    const { code, stderr } = await session.run(line, { aws: true, env });
    expect([code, stderr]).toEqual([5, expect.stringContaining('deployed by CloudFormation')]);
  });
});
