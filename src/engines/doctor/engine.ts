import { gzipSync } from 'node:zlib';
import { knownFault } from '../faults.ts';
import type { DataDirectoryHealth } from '../probe.ts';
import { jsonCall, rawCall } from '../raw-call.ts';
import { type Check, type Finding, failed, passed, skipped } from './finding.ts';
import { unreachable } from './unreachable.ts';

/** Signature Version 4 allows five minutes either way (IAM User Guide, Signature Version 4). */
const MOST_SKEW_MS = 5 * 60_000;

export const checkEngine: Check = async (context) => {
  const { probe: found, endpoint } = context;
  if (found.answer === 'stranger') {
    return [failed('engine', `${endpoint}: ${found.detail}`, 'cliffracer up --port 0')];
  }
  if (found.answer === 'nothing') return [await unreachable(context, found.detail)];
  const { kind, version, clockSkewMs, services } = found;
  const known = knownFault(kind, version);
  const bad = services
    .filter(({ state }) => state !== 'ready')
    .map(({ service, reported }) => `${service} (${reported})`);
  const name = `${kind} ${version ?? ''}`.trim();
  return [
    passed('engine', `${name} at ${endpoint}`),
    known === undefined
      ? passed('engine version', version ?? 'not told')
      : failed('engine version', `${name}: ${known.fault}`, known.hint),
    bad.length === 0
      ? passed('services', 'all six are ready')
      : failed('services', `not ready: ${bad.join(', ')}`, 'cliffracer health --wait 30'),
    ...writing(found.dataDirectory),
    skew(clockSkewMs),
  ];
};

function writing(kept: DataDirectoryHealth | undefined): Finding[] {
  if (kept === undefined) return [];
  if (kept.fault === null) return [passed('data directory', kept.path)];
  const what = kept.fault === 'disk_full' ? 'disk full' : 'it cannot be written';
  return [
    failed('data directory', `${kept.path}: ${what} (${kept.detail})`, 'make room there; the engine goes on by itself'),
  ];
}

function skew(ms: number | undefined): Finding {
  if (ms === undefined) return skipped('clock', 'the engine does not tell its time');
  const minutes = Math.round(Math.abs(ms) / 6_000) / 10;
  if (Math.abs(ms) <= MOST_SKEW_MS)
    return passed('clock', ms === 0 ? 'agrees with the engine' : `${Math.round(ms / 1000)} s apart`);
  return failed(
    'clock',
    `the engine's clock is ${minutes} minutes ${ms > 0 ? 'ahead' : 'behind'}`,
    'restart the engine, or Docker, whose machine may have slept',
  );
}

const TIMEOUT_MS = 5_000;

/** Whether a compressed request is understood: the AWS SDK compresses metrics of about 10 KB unless it is told not to. */
export async function obeysGzip(
  endpoint: string,
  region: string,
  id: string,
  now: number,
): Promise<string | undefined> {
  const metric = { Namespace: 'Cliffracer/Health', MetricName: 'Gzip', Dimensions: [{ Name: 'Check', Value: id }] };
  const { Namespace, ...datum } = metric;
  const target = 'GraniteServiceVersion20100801';
  const put = jsonCall('monitoring', '1.0', `${target}.PutMetricData`, {
    Namespace,
    MetricData: [{ ...datum, Value: 1 }],
  });
  const headers = { ...put.headers, 'content-encoding': 'gzip' };
  const sent = await rawCall(endpoint, region, { ...put, headers, body: gzipSync(put.body!) }, TIMEOUT_MS);
  if (sent.status !== 200) return `a compressed request is answered with HTTP ${sent.status}`;
  const seconds = Math.round(now / 1000);
  const range = { StartTime: seconds - 600, EndTime: seconds + 600, Period: 60, Statistics: ['Sum'] };
  const read = await rawCall(
    endpoint,
    region,
    jsonCall('monitoring', '1.0', `${target}.GetMetricStatistics`, { ...metric, ...range }),
    TIMEOUT_MS,
  );
  return /"Sum":\s*1/.test(read.body) ? undefined : 'a compressed request is answered with 200, and lost';
}
