import { request } from 'node:http';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { s3 } from '../../../src/emulator/s3/index.ts';

const failures: unknown[] = [];

/** The emulator with S3 alone on its real clock; faults of the engine itself are kept to be looked at. */
export const emulator = () => createEmulator({ services: [s3], seed: 1, onError: (error) => failures.push(error) });

export const engineFailures = () => failures;

const CONFIG: S3ClientConfig = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

export interface Connection {
  client: S3Client;
  /** Only over HTTP. */
  port: number | undefined;
  close(): Promise<void>;
}

export const CONNECTIONS: Record<string, () => Promise<Connection>> = {
  async 'in-process'() {
    const handler = requestHandler(emulator());
    const client = new S3Client({
      ...CONFIG,
      endpoint: 'http://localhost:4566',
      requestHandler: handler,
      forcePathStyle: true,
    });
    return { client, port: undefined, close: async () => client.destroy() };
  },
  async 'in-process with virtual hosts'() {
    const endpoint = 'http://s3.localhost.localstack.cloud:4566';
    const client = new S3Client({ ...CONFIG, endpoint, requestHandler: requestHandler(emulator()) });
    return { client, port: undefined, close: async () => client.destroy() };
  },
  async 'over HTTP'() {
    const server = await serve(emulator(), { port: 0 });
    const client = new S3Client({ ...CONFIG, endpoint: `http://127.0.0.1:${server.port}`, forcePathStyle: true });
    return {
      client,
      port: server.port,
      async close() {
        client.destroy();
        await server.close();
      },
    };
  },
};

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request without any client's help. */
export function raw(
  port: number,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { headers = {}, body } = options;
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
