import { Engine } from '../../../src/emulator/core/engine.ts';
import type { HostTime } from '../../../src/emulator/core/host.ts';
import { logs } from '../../../src/emulator/logs/index.ts';

export const NOW = Date.UTC(2026, 0, 15);

/** Time that only the test moves. */
export const stillHost: HostTime = { now: () => NOW, after: () => () => {} };

/** An engine with nothing but logs, and a way to call it. */
export function world() {
  const engine = new Engine({ services: [logs], host: stillHost, seed: 1, frozenAt: NOW });
  const call = (operation: string, input: unknown, scope: { account?: string; region?: string } = {}) =>
    engine.call({ service: 'logs', account: '000000000000', region: 'us-east-1', ...scope, operation, input });
  return { engine, call };
}

/** A world with the group `g` and some streams in it. */
export async function worldWithStreams(...streams: string[]) {
  const made = world();
  await made.call('CreateLogGroup', { logGroupName: 'g' });
  for (const name of streams) await made.call('CreateLogStream', { logGroupName: 'g', logStreamName: name });
  const put = (stream: string, ...logEvents: { timestamp: number; message: string }[]) =>
    made.call('PutLogEvents', { logGroupName: 'g', logStreamName: stream, logEvents });
  return { ...made, put };
}

export const event = (timestamp: number, message = `m${timestamp - NOW}`) => ({ timestamp, message });
