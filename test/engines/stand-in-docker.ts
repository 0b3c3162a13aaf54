import type { Machine } from './machine.ts';
import { HEALTH } from './machine.ts';

/** What the stand-in answers, each as the real `docker` does. */
export interface Scenario {
  /** stderr of every command, as when there is no daemon. */
  down?: string;
  image?: 'present' | 'absent';
  architecture?: string;
  pull?: { stderr?: string };
  run?: {
    stderr?: string /** The container ends with this code ... */;
    exit?: number /** ... having written this. */;
    log?: string;
    /** Or ends with this code right after its first answer. */
    dies?: number;
  };
  /** What the container's server says at its health path. */
  health?: unknown;
  /** A container that is there already, by name. */
  present?: { name: string; instance: string; status: string };
  context?: string;
}

/**
 * A `docker` on PATH that knows the commands that are used, keeps its containers in a file and starts a small server for a
 * container that runs. Every call is written down with what it finds in its environment.
 */
export function standInDocker(machine: Machine, scenario: Scenario, name = 'docker'): void {
  machine.file(
    'scenario.json',
    JSON.stringify({ image: 'present', architecture: 'amd64', health: HEALTH, ...scenario }),
  );
  machine.command(name, SOURCE);
}

export const calls = (machine: Machine): { args: string[]; token?: string }[] =>
  machine
    .read('calls.log')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

export const containers = (machine: Machine): Record<string, { status: string }> =>
  JSON.parse(machine.read('containers.json') || '{}');

const SOURCE = String.raw`
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const home = process.env.HOME;
const args = process.argv.slice(2);
const scenario = JSON.parse(readFileSync(join(home, 'scenario.json'), 'utf8'));
const file = join(home, 'containers.json');
const initial = scenario.present ? { [scenario.present.name]: { ...scenario.present, code: 0 } } : {};
const all = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : initial;
const save = () => writeFileSync(file, JSON.stringify(all));
const fail = (text, code = 1) => { process.stderr.write(text + '\n'); process.exit(code); };
const stat = (pid) => { try { return readFileSync('/proc/' + pid + '/stat', 'latin1'); } catch { return ''; } };
const alive = (pid) => { try { process.kill(pid, 0); return !stat(pid).includes(') Z '); } catch { return false; } };
appendFileSync(join(home, 'calls.log'), JSON.stringify({ args, token: process.env.LOCALSTACK_AUTH_TOKEN }) + '\n');
const [verb, second] = args;
const last = args.at(-1);
if (verb === 'version' && last.includes('.Client')) { console.log('28.0.0'); process.exit(0); }
if (scenario.down) fail(scenario.down);
if (verb === 'version' || verb === 'info') { console.log('28.0.0 amd64'); process.exit(0); }
if (verb === 'image') {
  if (scenario.image === 'absent') fail('Error response from daemon: No such image: ' + last);
  console.log('sha256:abc ' + scenario.architecture);
} else if (verb === 'pull') {
  if (scenario.pull?.stderr) fail(scenario.pull.stderr);
  console.log('0a0a0a0a0a0a: Pulling fs layer\n0b0b0b0b0b0b: Pulling fs layer\n0a0a0a0a0a0a: Pull complete\n0b0b0b0b0b0b: Pull complete');
} else if (verb === 'run') {
  const value = (flag) => args[args.indexOf(flag) + 1];
  const name = value('--name');
  if (all[name]) fail('docker: Error response from daemon: Conflict. The container name "/' + name + '" is already in use by container "0123".', 125);
  all[name] = { status: 'created', code: 0, instance: value('--label').split('=')[1] };
  save();
  if (scenario.run?.stderr) fail(scenario.run.stderr, 125);
  if (scenario.run?.exit !== undefined) {
    all[name] = { ...all[name], status: 'exited', code: scenario.run.exit };
  } else {
    const port = value('--publish').split(':')[1];
    const serve = 'require("http").createServer((q,s)=>q.url.startsWith("/_localstack/health")?s.end(process.argv[2],()=>process.argv[3]&&setImmediate(()=>process.exit())):(s.statusCode=404,s.end("no"))).listen(process.argv[1],"127.0.0.1")';
    const child = spawn(process.execPath, ['-e', serve, port, JSON.stringify(scenario.health), ...(scenario.run?.dies ? ['dies'] : [])], { detached: true, stdio: 'ignore' });
    child.unref();
    all[name] = { ...all[name], status: 'running', pid: child.pid, code: scenario.run?.dies ?? 0 };
  }
  save();
  console.log('f'.repeat(64));
} else if (verb === 'container') {
  const found = all[last];
  if (!found) fail('Error response from daemon: No such container: ' + last);
  const status = found.pid && !alive(found.pid) ? 'exited' : found.status;
  console.log([status, found.code, found.instance].join(' '));
} else if (verb === 'wait') {
  const ended = () => {
    const now = JSON.parse(readFileSync(file, 'utf8'))[last];
    if (!now) fail('Error response from daemon: No such container: ' + last);
    if (now.status === 'exited' || (now.pid && !alive(now.pid))) { console.log(now.code); process.exit(0); }
  };
  ended();
  setInterval(ended, 50);
} else if (verb === 'logs') {
  const lines = (scenario.run?.log ?? 'Ready.').split('\n');
  process.stdout.write(lines.slice(-Number(args[args.indexOf('--tail') + 1])).join('\n') + '\n');
} else if (verb === 'stop' || verb === 'rm') {
  const found = all[last];
  if (!found) fail('Error response from daemon: No such container: ' + last);
  if (found.pid && alive(found.pid)) process.kill(found.pid, 'SIGKILL');
  all[last] = { ...found, status: 'exited' };
  if (verb === 'rm') delete all[last];
  save();
} else if (verb === 'ps') {
  const labelled = args.includes('--all');
  for (const [name, each] of Object.entries(all)) {
    if (labelled) console.log([name, each.instance, each.status === 'running' ? 'Up 2 minutes' : 'Exited (0)'].join('\t'));
    else console.log(name);
  }
} else fail('docker: unknown command ' + verb);
`;
