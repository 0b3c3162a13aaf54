import type { HttpServer } from '../emulator/http/server.ts';
import type { Emulator } from '../emulator/index.ts';
import { engineVariables } from '../lab/consumers/environment.ts';

/** The lab's engine on a loopback port, which is opened at the first use. */
export class LabPort {
  readonly #emulator: Emulator;
  readonly #region: string;
  #server: Promise<HttpServer> | undefined;

  constructor(emulator: Emulator, region: string) {
    this.#emulator = emulator;
    this.#region = region;
  }

  async endpoint(): Promise<string> {
    this.#server ??= import('../emulator/http/server.ts').then(({ serve }) => serve(this.#emulator, { port: 0 }));
    return `http://127.0.0.1:${(await this.#server).port}`;
  }

  async env(name: string | undefined): Promise<Record<string, string>> {
    return {
      ...engineVariables({ endpoint: await this.endpoint(), region: this.#region }),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(name !== undefined && { AWS_SDK_UA_APP_ID: name }),
    };
  }

  async close(): Promise<void> {
    await (await this.#server)?.close();
  }
}
