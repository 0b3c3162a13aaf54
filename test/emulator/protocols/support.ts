import type { ServiceDefinition, ServiceId } from '../../../src/emulator/core/types.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';

export interface Seen {
  operation: string;
  input: any;
  account: string;
  region: string;
  endpoint: string;
}

/** A service whose operations answer as told, and remember what they were asked. */
export class FakeService {
  readonly seen: Seen[] = [];
  readonly definition: ServiceDefinition;

  constructor(id: ServiceId, answers: Record<string, (input: any) => unknown>) {
    const operations = Object.entries(answers).map(([operation, answer]) => [
      operation,
      (context: any, input: any) => {
        const { account, region, endpoint } = context;
        this.seen.push({ operation, input, account, region, endpoint });
        return answer(input);
      },
    ]);
    this.definition = {
      id,
      scope: 'regional',
      createState: () => ({}),
      operations: Object.fromEntries(operations),
      timers: {},
    };
  }

  /** The input of the latest call. */
  get input(): any {
    return this.seen.at(-1)?.input;
  }
}

export function emulatorOf(...services: FakeService[]): Emulator {
  return createEmulator({
    services: services.map(({ definition }) => definition),
    seed: 1,
    frozenAt: Date.UTC(2026, 0, 1),
    onError: (error) => {
      throw error;
    },
  });
}

/** Headers of a request signed by `test` for a service and region. */
export const signed = (service: string, region = 'us-east-1', key = 'test') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** Sends a raw request to an emulator and gives status, headers and text. */
export async function send(
  emulator: Emulator,
  request: { method?: string; url?: string; headers?: Record<string, string>; body?: string | Buffer },
) {
  const { method = 'POST', url = '/', headers = {}, body = '' } = request;
  const response = await emulator.handle({
    method,
    url,
    headers: { host: '127.0.0.1:4566', ...headers },
    body: Buffer.from(body as string),
  });
  return { ...response, text: response.body.toString() };
}

export const SDK_CONFIG = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-west-1',
  credentials: { accessKeyId: '123456789012', secretAccessKey: 'secret' },
  maxAttempts: 1,
};
