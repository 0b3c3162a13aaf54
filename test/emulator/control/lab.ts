import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { createEmulator, type EmulatorOptions } from '../../../src/emulator/index.ts';

export const NOON = Date.UTC(2026, 0, 1, 12);
export const SCOPE = { account: '000000000000', region: 'us-east-1' };

/** An emulator with its clock frozen at noon, and shorthands for its APIs and its control routes. */
export function lab(options: EmulatorOptions = {}) {
  const waiting: { ms: number; run: () => void }[] = [];
  const host = {
    now: () => NOON,
    after(ms: number, run: () => void) {
      const entry = { ms, run };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry), 1);
    },
  };
  const emulator = createEmulator({ seed: 1, frozenAt: NOON, host, ...options });
  const call = (service: ServiceId, operation: string, input: object = {}) =>
    emulator.engine.call({ ...SCOPE, service, operation, input });

  async function control(request: string, body?: unknown): Promise<{ status: number; body: any }> {
    const [method = '', path = ''] = request.split(' ');
    const response = await emulator.handle({
      method,
      url: `/_cliffracer${path}`,
      headers: { host: '127.0.0.1:4566' },
      body: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
    });
    return { status: response.status, body: JSON.parse(String(response.body)) };
  }

  async function queueWith(...bodies: string[]): Promise<string> {
    const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: 'q' });
    for (const MessageBody of bodies) await call('sqs', 'SendMessage', { QueueUrl, MessageBody });
    return QueueUrl;
  }

  return { emulator, engine: emulator.engine, call, control, queueWith, waiting };
}
