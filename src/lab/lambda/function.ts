import type { Invocation, InvocationError, MappingClock } from './facts.ts';
import { type RuntimeAnswer, RuntimeApi } from './runtime-api.ts';

/** A process that runs a function's code; Lambda's execution environment. */
export interface FunctionProcess {
  /** Resolves when it has ended, with the reason: `exit status 1`, `signal: killed`. */
  exited: Promise<string>;
  /** Asks it to end. */
  stop(): void;
  kill(): void;
}

export interface FunctionOptions {
  name: string;
  /** ARN. */
  arn: string;
  timeoutSeconds: number;
  /** Starts a process with these variables beside its own. */
  launch(variables: Record<string, string>): Promise<FunctionProcess>;
  newRequestId(): string;
  clock: MappingClock;
  /** Told why a process could not be initialised, or ended by itself. */
  onFailure(error: InvocationError): void;
}

/** Lambda quotas: the initialisation may take 10 seconds, and goes on within the first invocation's time. */
const INITIALISATION_MS = 10_000;
/** A batch waits so long for a process that is busy or starting before another is started, which takes about as long. */
const SCALING_MS = 300;

interface Environment {
  api: RuntimeApi;
  runtime: FunctionProcess;
  /** Ended, or asked to: gets no more work. */
  retired: boolean;
  /** Has answered, and is free as soon as it asks for more: until then it may still be about to end. */
  answered: boolean;
  /** Why the initialisation failed. */
  fault?: InvocationError;
}

interface Waiter {
  resolve(environment: Environment): void;
  /** Aborts when it has a process. */
  served: AbortController;
}

/**
 * A function with as many processes as there are invocations at a time, each of which handles one after the other (Lambda
 * Developer Guide, "Understanding the Lambda execution environment lifecycle").
 */
export class LambdaFunction {
  readonly #options: FunctionOptions;
  readonly #all = new Set<Environment>();
  /** The one used last is used first. */
  #idle: Environment[] = [];
  /** Invocations that wait for a process. */
  readonly #waiting: Waiter[] = [];

  constructor(options: FunctionOptions) {
    this.#options = options;
  }

  /** Starts a process before there is work, so that what is wrong with it shows at once. */
  async warm(): Promise<void> {
    this.#release(await this.#start());
  }

  /** Invokes the function with an event in JSON; never rejects. */
  async invoke(event: string, trace: string): Promise<Invocation> {
    const requestId = this.#options.newRequestId();
    try {
      const environment = await this.#acquire();
      const answer = await this.#run(environment, requestId, event, trace);
      environment.answered = true;
      if (environment.api.isAsked) this.#release(environment);
      return { requestId, ...answer };
    } catch (error) {
      return { requestId, error: { type: 'Runtime.InvalidEntrypoint', message: (error as Error).message } };
    }
  }

  /** Ends idle processes now, and busy ones when they have answered: the next invocation runs the code as it is then. */
  recycle(): void {
    for (const environment of this.#idle) environment.runtime.stop();
    for (const environment of this.#all) environment.retired = true;
    this.#idle = [];
  }

  /** Asks all processes to end. */
  stop(): void {
    for (const environment of this.#all) {
      environment.retired = true;
      environment.runtime.stop();
    }
    this.#idle = [];
  }

  kill(): void {
    for (const { runtime } of this.#all) runtime.kill();
  }

  /** Resolves when no process is left. */
  async ended(): Promise<void> {
    await Promise.all([...this.#all].map(({ runtime }) => runtime.exited));
  }

  #acquire(): Promise<Environment> | Environment {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (![...this.#all].some(({ retired }) => !retired)) return this.#start();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, served: new AbortController() };
      this.#waiting.push(waiter);
      void this.#scale(waiter).catch(reject);
    });
  }

  /** Starts another process for an invocation that waits too long; whoever waits longest gets it. */
  async #scale({ served }: Waiter): Promise<void> {
    await this.#options.clock.sleep(SCALING_MS, served.signal);
    if (!served.signal.aborted) this.#release(await this.#start());
  }

  #release(environment: Environment): void {
    if (environment.retired) {
      environment.runtime.stop();
      return;
    }
    environment.answered = false;
    const waiter = this.#waiting.shift();
    if (waiter === undefined) return void this.#idle.push(environment);
    waiter.served.abort();
    waiter.resolve(environment);
  }

  async #start(): Promise<Environment> {
    const { name, launch, onFailure } = this.#options;
    const api = await RuntimeApi.listen();
    try {
      const runtime = await launch(runtimeVariables(name, api.address));
      const environment: Environment = { api, runtime, retired: false, answered: false };
      this.#all.add(environment);
      api.onReady = () => {
        if (environment.answered) this.#release(environment);
      };
      api.onInitError = (error) => {
        environment.fault = error;
      };
      void runtime.exited.then((reason) => {
        this.#all.delete(environment);
        this.#idle = this.#idle.filter((each) => each !== environment);
        const error = environment.fault ?? { type: 'Runtime.ExitError', message: `the runtime ended: ${reason}` };
        if (!environment.retired) onFailure(error);
        environment.retired = true;
        api.fail(error);
        api.close();
      });
      return environment;
    } catch (error) {
      api.close();
      throw error;
    }
  }

  async #run(environment: Environment, requestId: string, event: string, trace: string): Promise<RuntimeAnswer> {
    const { arn, timeoutSeconds, clock } = this.#options;
    if (environment.retired)
      return { error: environment.fault ?? { type: 'Runtime.ExitError', message: 'the runtime ended' } };
    const done = new AbortController();
    const timeout = timeoutSeconds * 1000;
    let deadline = clock.now() + INITIALISATION_MS + timeout;
    const taken = () => {
      deadline = clock.now() + timeout;
    };
    const answer = environment.api.invoke(
      { requestId, deadline: () => deadline, functionArn: arn, trace, event },
      taken,
    );
    void answer.then(() => done.abort());
    void (async () => {
      for (let left = deadline - clock.now(); left > 0 && !done.signal.aborted; left = deadline - clock.now())
        await clock.sleep(Math.min(left, timeout), done.signal);
      if (done.signal.aborted) return;
      environment.retired = true;
      const message = `${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      environment.api.fail({ type: 'Sandbox.Timedout', message });
      environment.runtime.kill();
    })();
    return answer;
  }
}

/** Lambda Developer Guide, "Defined runtime environment variables", as far as they say something here. */
const runtimeVariables = (name: string, address: string): Record<string, string> => ({
  AWS_LAMBDA_RUNTIME_API: address,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  TZ: ':UTC',
});
