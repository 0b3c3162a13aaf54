import { consoleDeps } from '../../src/access/console.ts';
import type { App } from '../../src/app.ts';
import type { Clock } from '../../src/clock.ts';
import { connectTo } from '../../src/connection.ts';
import type { About, ConsoleDeps } from '../../src/console/server/deps.ts';
import { type ConsoleServer, serveConsole } from '../../src/console/server/server.ts';
import { type HttpServer, serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';

export const KEY = 'a-key-for-tests';
const SCOPE = { account: '000000000000', region: 'us-east-1' };

const clock: Clock = { now: () => Date.now(), sleep: () => Promise.resolve() };

/** An engine over HTTP, a console that looks at it, and requests as its page sends them. */
export class ConsoleBed {
  readonly emulator: Emulator = createEmulator({ seed: 1 });
  #engine!: HttpServer;
  #console!: ConsoleServer;
  deps!: ConsoleDeps;

  async open(about: Partial<About> = {}, html = '<!doctype html><style>a</style><script>b</script>'): Promise<this> {
    this.#engine = await serve(this.emulator, { port: 0 });
    const endpoint = `http://127.0.0.1:${this.#engine.port}`;
    const target = { kind: 'local', endpoint, region: SCOPE.region, account: SCOPE.account } as const;
    let ids = 0;
    const connection = connectTo(target, undefined, { clock });
    const app = {
      ...{ globals: {}, env: {}, version: 'test', clock },
      system: { uuid: () => `id-${++ids}` },
      connect: () => connection,
      endpoint: async () => ({ value: endpoint, origin: 'test' }),
    };
    const deps = await consoleDeps(app as unknown as App, { write: true });
    this.deps = { ...deps, about: { ...deps.about, ...about } };
    this.#console = await serveConsole({ port: 0, html, key: KEY, deps: this.deps });
    return this;
  }

  get host(): string {
    return `127.0.0.1:${this.#console.port}`;
  }

  async close(): Promise<void> {
    await this.#console.close();
    await this.#engine.close();
    this.emulator.close();
  }

  /** What AWS's API does, in the engine itself. */
  aws(service: 'sqs' | 'sns' | 'dynamodb' | 's3' | 'cloudwatch' | 'logs', operation: string, input: object = {}) {
    return this.emulator.engine.call({ ...SCOPE, service, operation, input });
  }

  async ask(path: string, input: object = {}, headers: Record<string, string> = {}) {
    const response = await fetch(`http://${this.host}/api/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${KEY}`,
        origin: `http://${this.host}`,
        ...headers,
      },
      body: JSON.stringify(input),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  }

  /** The answer to a request that is not refused. */
  async get(path: string, input: object = {}) {
    const { status, body } = await this.ask(path, input);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }
}
