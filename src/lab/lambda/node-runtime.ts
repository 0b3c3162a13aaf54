/**
 * The runtime of Lambda handlers in JavaScript: a program of its own that fetches events over the Lambda Runtime API and calls
 * `file.export` of LAMBDA_TASK_ROOT. Loads ES modules and CommonJS, and TypeScript where this Node.js strips types.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { callHandler, type Handler } from './call-handler.ts';
import { RuntimeClient, type RuntimePost, type RuntimeReply } from './runtime-client.ts';

const { env } = process;
class LoadError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** `src/orders.handler` is the export `handler` of src/orders.js, .mjs, .cjs, .ts, .mts or .cts. */
async function load(root: string, handler: string): Promise<Handler> {
  const match = /^((?:.*\/)?[^./]+(?:\.[^./]+)*?)\.([^/]+)$/.exec(handler.replace(/^\.\//, ''));
  if (match === null) throw new LoadError('Runtime.MalformedHandlerName', `${handler} is not FILE.EXPORT`);
  const [, file, name] = match as unknown as [string, string, string];
  const path = ENDINGS.map((ending) => join(root, file + ending)).find((each) => existsSync(each));
  if (path === undefined)
    throw new LoadError(
      'Runtime.ImportModuleError',
      `there is no ${file}.js (nor ${ENDINGS.slice(1).join(', ')}) in ${root}`,
    );
  if (/ts$/.test(path) && !('typescript' in process.features && process.features.typescript)) {
    throw new LoadError(
      'Runtime.ImportModuleError',
      `Node.js ${process.versions.node} does not run TypeScript (${path}): 22.18 and newer do, or build it first`,
    );
  }
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & { default?: unknown };
  const found = member(module, name) ?? member(module.default, name);
  if (typeof found !== 'function') throw new LoadError('Runtime.HandlerNotFound', `${path} has no function ${name}`);
  return found as Handler;
}

const member = (module: unknown, name: string) =>
  name.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], module);

function contextOf(headers: RuntimeReply['headers']) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function errorBody(error: unknown) {
  const { name, message, stack } =
    error instanceof Error ? error : { name: typeof error, message: String(error), stack: '' };
  const errorType = error instanceof LoadError ? error.type : name;
  return { errorType, body: JSON.stringify({ errorType, errorMessage: message, trace: (stack ?? '').split('\n') }) };
}

async function main(): Promise<void> {
  const open = () => new RuntimeClient(env.AWS_LAMBDA_RUNTIME_API ?? '');
  let handler: Handler;
  try {
    handler = await load(env.LAMBDA_TASK_ROOT ?? process.cwd(), env._HANDLER ?? '');
  } catch (error) {
    const isSyntax = error instanceof SyntaxError;
    if (!isSyntax) console.error(error instanceof LoadError ? error.message : error);
    await open().post({ path: 'init/error', ...errorBody(error) });
    if (!isSyntax) process.exit(1);
    // Node.js tells the file and the line of a syntax error only where nobody catches it.
    setImmediate(() => {
      throw error;
    });
    return;
  }
  const client = open();
  for (let answer: RuntimePost | undefined; ; ) {
    const { headers, body } = await client.next(answer);
    answer = await answerTo(handler, headers, body);
  }
}

async function answerTo(handler: Handler, headers: RuntimeReply['headers'], event: string): Promise<RuntimePost> {
  const path = `invocation/${headers['lambda-runtime-aws-request-id']}`;
  // The AWS SDKs send it along with every call.
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  try {
    const result = await callHandler(handler, JSON.parse(event), contextOf(headers));
    // What has no form in JSON, such as undefined, is null.
    return { path: `${path}/response`, body: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error(error);
    return { path: `${path}/error`, ...errorBody(error) };
  }
}

// Nobody is there to work for any more.
main().catch(() => process.exit(1));
