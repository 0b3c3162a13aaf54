import { access, constants, statfs } from 'node:fs/promises';
import { engineDirectory, readRecords, removeRecord } from '../home.ts';
import { isRunning } from '../liveness.ts';
import { isLoopback, portOf, tryPort } from '../ports.ts';
import { makePrivateDirectory } from '../state-files.ts';
import { type Check, type Finding, failed, passed, skipped } from './finding.ts';

const LEAST_NODE = [20, 19] as const;
const LEAST_BYTES = 200 * 1024 * 1024;

export const checkNode: Check = async ({ nodeVersion }) => {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const least = LEAST_NODE.join('.');
  return [
    enough
      ? passed('node', `Node.js ${nodeVersion}`)
      : failed('node', `Node.js ${nodeVersion} is older than ${least}`, 'nvm install 22'),
  ];
};

export const checkHome: Check = async ({ home }) => {
  const directory = engineDirectory(home);
  try {
    await makePrivateDirectory(directory);
    await access(directory, constants.W_OK);
  } catch (error) {
    return [failed('state directory', (error as Error).message, 'export CLIFFRACER_HOME=~/.cliffracer')];
  }
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const shown = free > 1e9 ? `${(free / 1e9).toFixed(1)} GB` : `${Math.round(free / 1e6)} MB`;
  return [
    passed('state directory', home),
    free < LEAST_BYTES
      ? failed('disk', `${shown} are left for ${home}`, 'make room, or set CLIFFRACER_HOME')
      : passed('disk', `${shown} free`),
  ];
};

/** Records of engines that ended without being stopped. */
export const checkRecords: Check = async ({ home, env }) => {
  const records = await readRecords(home);
  const runs = await Promise.all(records.map((record) => isRunning(record, env)));
  const stale = records.filter((_, index) => runs[index] === false);
  if (stale.length === 0) return [passed('engines of ours', `${records.length} started, none ended by itself`)];
  const fix = async () => {
    for (const record of stale) await removeRecord(home, record);
    return `forgot ${stale.length}`;
  };
  const shown = stale.map(({ engine, endpoint }) => `${engine} at ${endpoint}`).join(', ');
  return [failed('engines of ours', `ended without being stopped: ${shown}`, 'cliffracer down --all', fix)];
};

export const checkPort: Check = async ({ endpoint, probe }) => {
  if (!isLoopback(endpoint)) return [skipped('port', `${endpoint} is not this machine`)];
  const port = portOf(endpoint);
  if (probe.answer === 'engine') return [passed('port', `${port} is the engine's`)];
  if (probe.answer === 'stranger') return [failed('port', `${port}: ${probe.detail}`, 'cliffracer up --port 0')];
  const fault = await tryPort(port);
  if (fault === undefined) return [passed('port', `${port} is free`)];
  const why = fault === 'EACCES' ? 'may not be used by this user' : `cannot be used (${fault})`;
  return [failed('port', `${port} ${why}`, 'cliffracer up --port 0')];
};

/** Commands of ours use no proxy; others, pointed at the engine by `env`, would ask it for 127.0.0.1. */
export const checkProxy: Check = async ({ env, endpoint }) => {
  const names = [
    'HTTP_PROXY',
    'http_proxy',
    'ALL_PROXY',
    'all_proxy',
    ...(endpoint.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : []),
  ];
  const name = names.find((each) => env[each]);
  if (name === undefined) return [passed('proxy', 'none is set for the endpoint')];
  const exceptions = `${env.NO_PROXY ?? ''},${env.no_proxy ?? ''}`.split(',').map((each) => each.trim());
  const { hostname } = new URL(endpoint);
  if (exceptions.some((each) => each === hostname || each === '*')) {
    return [passed('proxy', `${name} is set, and NO_PROXY leaves ${hostname} out`)];
  }
  const detail = `${name} is set; other AWS tools would ask the proxy for ${hostname}`;
  return [
    failed('proxy', detail, `export NO_PROXY=${[...exceptions.filter(Boolean), hostname, 'localhost'].join(',')}`),
  ];
};

export const checkIpv6: Check = async (context) => [await ipv6(context)];

async function ipv6({ endpoint, now, probe: found }: Parameters<Check>[0]): Promise<Finding> {
  if (!isLoopback(endpoint)) return skipped('IPv6', `${endpoint} is not this machine`);
  const { hostname, port } = new URL(endpoint);
  if (hostname === 'localhost') {
    const { lookup } = await import('node:dns/promises');
    const addresses = await lookup('localhost', { all: true }).catch(() => []);
    if (addresses[0]?.family === 6 && found.answer !== 'engine') {
      return failed('IPv6', 'localhost is ::1 first here, where engines do not listen', `say http://127.0.0.1:${port}`);
    }
  }
  if (found.answer !== 'engine' && !hostname.startsWith('[')) {
    const { probe } = await import('../probe.ts');
    const other = `http://[::1]:${portOf(endpoint)}`;
    if ((await probe(other, now, 1_000)).answer === 'engine') {
      return failed('IPv6', `an engine listens at ${other} only`, `export AWS_ENDPOINT_URL='${other}'`);
    }
  }
  return passed('IPv6', `${hostname} is unambiguous`);
}
