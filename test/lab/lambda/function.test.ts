import { afterEach, describe, expect, test } from 'vitest';
import type { InvocationError } from '../../../src/lab/lambda/facts.ts';
import { LambdaFunction } from '../../../src/lab/lambda/function.ts';
import { RuntimeApi, type RuntimeEvent } from '../../../src/lab/lambda/runtime-api.ts';
import { HeldClock } from './messages.ts';
import { type Behaviour, callRuntimeApi, simulatedProcess } from './runtime.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

// Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes" (runtimes-api).
describe('Runtime API', () => {
  let api: RuntimeApi;
  const event = (requestId = 'r1'): RuntimeEvent => ({
    ...{ requestId, functionArn: ARN, trace: 'Root=1-a-b;Parent=c;Sampled=0', event: '{"Records":[]}' },
    deadline: () => 1_542_409_706_888,
  });
  const call = (method: string, path: string, body?: string) => callRuntimeApi(api.address, method, path, body);
  afterEach(() => api.close());

  test('next waits for an event, and gives it with its headers', async () => {
    api = await RuntimeApi.listen();
    const next = call('GET', 'invocation/next');
    const answer = api.invoke(event(), () => {});
    const { status, headers, body } = await next;
    expect({ status, body }).toEqual({ status: 200, body: '{"Records":[]}' });
    expect(headers).toMatchObject({
      'lambda-runtime-aws-request-id': 'r1',
      'lambda-runtime-deadline-ms': '1542409706888',
      'lambda-runtime-invoked-function-arn': ARN,
      'lambda-runtime-trace-id': 'Root=1-a-b;Parent=c;Sampled=0',
    });
    expect(await call('POST', 'invocation/r1/response', '"done"')).toMatchObject({
      status: 202,
      body: '{"status":"OK"}',
    });
    expect(await answer).toEqual({ response: '"done"' });
  });

  test('error ends the invocation with what the runtime says', async () => {
    api = await RuntimeApi.listen();
    const answer = api.invoke(event(), () => {});
    await call('GET', 'invocation/next');
    const body = '{"errorMessage":"no stock","errorType":"StockError","stackTrace":[]}';
    expect((await call('POST', 'invocation/r1/error', body)).status).toBe(202);
    expect(await answer).toEqual({ error: { type: 'StockError', message: 'no stock' } });
  });

  test('init/error is told', async () => {
    api = await RuntimeApi.listen();
    const told: InvocationError[] = [];
    api.onInitError = (error) => told.push(error);
    const headers = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.NoSuchHandler' };
    await callRuntimeApi(api.address, 'POST', 'init/error', '{"errorMessage":"no handler"}', headers);
    expect(told).toEqual([{ type: 'Runtime.NoSuchHandler', message: 'no handler' }]);
  });

  test('an answer to another invocation, and one before the event was taken, is refused', async () => {
    api = await RuntimeApi.listen();
    void api.invoke(event(), () => {});
    expect(await call('POST', 'invocation/r1/response', '1')).toMatchObject({ status: 400 });
    await call('GET', 'invocation/next');
    const { status, body } = await call('POST', 'invocation/r0/response', '1');
    expect({ status, type: JSON.parse(body).errorType }).toEqual({ status: 400, type: 'InvalidRequestID' });
    expect((await call('GET', 'elsewhere')).status).toBe(404);
  });

  // Lambda quotas: the payload of a synchronous response is 6 MB.
  test('an answer that is too large fails the invocation', async () => {
    api = await RuntimeApi.listen();
    const answer = api.invoke(event(), () => {});
    await call('GET', 'invocation/next');
    expect((await call('POST', 'invocation/r1/response', 'x'.repeat(6 * 1024 * 1024 + 1))).status).toBe(413);
    expect(await answer).toMatchObject({ error: { type: 'Function.ResponseSizeTooLarge' } });
  });
});

/** A function whose processes behave as the test says; counts how many were started. */
function simulated(behave: Behaviour) {
  const clock = new HeldClock();
  const failures: InvocationError[] = [];
  const started: Record<string, string>[] = [];
  let requests = 0;
  const lambda = new LambdaFunction({
    ...{ name: 'orders', arn: ARN, timeoutSeconds: 3, clock, newRequestId: () => `r${++requests}` },
    onFailure: (error) => failures.push(error),
    launch: async (variables) => {
      started.push(variables);
      return simulatedProcess(variables.AWS_LAMBDA_RUNTIME_API!, (event) => {
        const done = behave(event);
        if (done === 'nothing') setImmediate(() => clock.pass());
        return done;
      });
    },
  });
  return { lambda, clock, failures, started };
}

// Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle" (lambda-runtime-environment).
describe('processes of a function', () => {
  test('one handles one event after the other; another is started when a second one has waited', async () => {
    let fourth!: () => void;
    let third!: () => void;
    const handled = new Promise<void>((resolve) => {
      fourth = resolve;
    });
    const taken = new Promise<void>((resolve) => {
      third = resolve;
    });
    const { lambda, clock, started } = simulated(async (event) => {
      if (event === '4') fourth();
      if (event === '3') third();
      if (event === '3') await handled;
      return { response: event };
    });
    expect(await lambda.invoke('1', 't')).toEqual({ requestId: 'r1', response: '1' });
    expect(await lambda.invoke('2', 't')).toEqual({ requestId: 'r2', response: '2' });
    expect(started).toHaveLength(1);
    const one = lambda.invoke('3', 't');
    await taken;
    expect(started).toHaveLength(1);
    const other = lambda.invoke('4', 't');
    clock.pass(300);
    await Promise.all([one, other]);
    expect(started).toHaveLength(2);
    expect(started[0]).toMatchObject({ AWS_LAMBDA_FUNCTION_NAME: 'orders', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST' });
    lambda.stop();
    await lambda.ended();
  });

  test('a process that ends fails its invocation, and another takes its place', async () => {
    const { lambda, failures, started } = simulated((event) => (event === '1' ? 'exit' : { response: event }));
    expect(await lambda.invoke('1', 't')).toMatchObject({
      error: { type: 'Runtime.ExitError', message: 'the runtime ended: exit status 1' },
    });
    expect(failures).toHaveLength(1);
    expect(await lambda.invoke('2', 't')).toMatchObject({ response: '2' });
    expect(started).toHaveLength(2);
    lambda.stop();
  });

  test('a process that has answered is free when it asks for more, and not before: it may be about to end', async () => {
    const { lambda, clock, started } = simulated((event) => (event === '1' ? 'last' : { response: event }));
    expect(await lambda.invoke('1', 't')).toMatchObject({ response: '"last"' });
    const second = lambda.invoke('2', 't');
    clock.pass(300);
    expect(await second).toMatchObject({ response: '2' });
    expect(started).toHaveLength(2);
    lambda.stop();
  });

  test('a process that takes longer than its timeout is killed', async () => {
    const { lambda, failures, started } = simulated((event) => (event === '1' ? 'nothing' : { response: event }));
    expect(await lambda.invoke('1', 't')).toEqual({
      requestId: 'r1',
      error: { type: 'Sandbox.Timedout', message: 'r1 Task timed out after 3.00 seconds' },
    });
    expect(failures).toEqual([]);
    expect(await lambda.invoke('2', 't')).toMatchObject({ response: '2' });
    expect(started).toHaveLength(2);
    lambda.stop();
  });

  test('after a change the next event goes to a new process', async () => {
    const { lambda, started } = simulated((event) => ({ response: event }));
    await lambda.invoke('1', 't');
    lambda.recycle();
    await lambda.invoke('2', 't');
    expect(started).toHaveLength(2);
    lambda.stop();
  });

  test('a program that cannot be started fails the invocation', async () => {
    const broken = new LambdaFunction({
      ...{ name: 'orders', arn: ARN, timeoutSeconds: 3, clock: new HeldClock(), newRequestId: () => 'r' },
      onFailure: () => {},
      launch: () => Promise.reject(new Error('not found')),
    });
    expect(await broken.invoke('1', 't')).toMatchObject({ error: { message: 'not found' } });
  });
});
