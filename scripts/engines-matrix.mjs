#!/usr/bin/env node
/**
 * Starts every engine that can be had on this machine, compares each with AWS by `cliffracer conformance`, prints one
 * table and writes docs/conformance.md. Fails when the shop does not come out right on an engine that was started, or
 * when the embedded engine differs from AWS in anything.
 *
 *   node scripts/engines-matrix.mjs [--work DIR] [--only embedded,moto] [--areas shop,SQS] [--no-write]
 *
 * MiniStack, moto and LocalStack come from PyPI by scripts/ci/engines.sh; LocalStack runs in a container where
 * CLIFFRACER_TEST_LOCALSTACK_IMAGE names an image (scripts/ci/docker-localstack.sh builds one).
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { reservePort } from './ports.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const PROGRAM = join(ROOT, 'bin', 'cliffracer.js');
const MINUTE = 60_000;
const run = promisify(execFile);

const { values: options } = parseArgs({
  options: {
    work: { type: 'string' },
    only: { type: 'string' },
    areas: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});
const say = (text) => process.stderr.write(`${text}\n`);

/** Columns that nothing here can start, so that nobody takes their absence for agreement. */
const NOT_RUN = [
  { engine: 'Floci', reason: 'its image and its binary come from places that this run does not reach' },
  { engine: 'LocalStack, current image', reason: 'needs an account and its registry' },
  { engine: 'AWS', reason: 'needs an account; the texts of the first column are its documentation' },
];

const work = options.work ?? (await mkdtemp(join(tmpdir(), 'cliffracer-engines-')));
await mkdir(work, { recursive: true });
const environment = { ...process.env, CLIFFRACER_HOME: join(work, 'home'), NO_COLOR: '1' };
for (const name of Object.keys(environment))
  if (/^(AWS_|CLIFFRACER_(ENGINE|TARGET))/.test(name)) delete environment[name];

/** The program's JSON answer; its exit code is a part of it. */
async function cliffracer(args, env = {}, timeout = 30 * MINUTE) {
  const settings = { env: { ...environment, ...env }, cwd: work, timeout, maxBuffer: 64 * 1024 * 1024 };
  const { code, stdout, stderr } = await run(process.execPath, [PROGRAM, ...args, '--json'], settings).then(
    (done) => ({ code: 0, ...done }),
    (failed) => failed,
  );
  try {
    return { code, ...JSON.parse(stdout) };
  } catch {
    throw new Error(`cliffracer ${args.join(' ')}: ${stderr || stdout || code}`);
  }
}

/** PATH with the commands of the engines that PyPI has. */
async function pathWithEngines() {
  try {
    const script = `eval "$(bash ${JSON.stringify(join(ROOT, 'scripts/ci/engines.sh'))} ${JSON.stringify(join(work, 'pypi'))})" && printf %s "$PATH"`;
    const { stdout } = await run('bash', ['-c', script], { env: environment, timeout: 20 * MINUTE });
    return stdout;
  } catch (error) {
    say(
      `the engines of PyPI are left out: ${String(error.stderr || error.message)
        .trim()
        .split('\n')
        .at(-1)}`,
    );
    return environment.PATH;
  }
}

async function up(engine, args = []) {
  const { port } = await reservePort();
  const started = await cliffracer(
    ['up', '--engine', engine, '--port', String(port), '--no-provision', '--wait', '180', ...args],
    {},
    20 * MINUTE,
  );
  if (started.error) throw new Error(`${started.error.message}`);
  const down = () => cliffracer(['down', '--port', String(port)]);
  return { ...started, down };
}

const areas = options.areas === undefined ? [] : ['--areas', options.areas];

/** One column: starts the engine, compares, stops it. */
async function column(name, start) {
  say(`== ${name}`);
  const began = Date.now();
  let engine;
  try {
    engine = await start();
    const env = { AWS_ENDPOINT_URL: engine.endpoint, ...engine.env };
    const found = await cliffracer(['conformance', ...areas], env);
    if (found.error) throw new Error(found.error.message);
    say(`   ${found.as_aws} as AWS, ${found.differs} differ, ${found.missing} missing, ${seconds(began)}`);
    const own = found.behaviours.filter(({ area }) => !engine.borrowed?.includes(area));
    return { name, note: engine.note, version: engine.version, behaviours: own, all: found.behaviours };
  } catch (error) {
    say(`   not run: ${error.message}`);
    return { name, reason: error.message.split('\n')[0] };
  } finally {
    for (const stop of [engine?.down, engine?.also]) await stop?.();
  }
}

const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

async function localstack() {
  const image = process.env.CLIFFRACER_TEST_LOCALSTACK_IMAGE;
  const engine = await up('localstack', image === undefined ? [] : ['--image', image]);
  // LocalStack's own DynamoDB is a Java program that it downloads at first use, which is out of reach here.
  const tables = await up('embedded');
  const where = image === undefined ? 'as a process' : 'in a container';
  return {
    ...engine,
    env: { AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint },
    borrowed: ['DynamoDB'],
    note: `${where}; its own DynamoDB is a program that it downloads, so the shop's tables were in the embedded engine`,
    also: tables.down,
  };
}

const COLUMNS = {
  embedded: () => up('embedded'),
  ministack: () => up('ministack'),
  moto: () => up('moto'),
  localstack,
};
const NAMES = { embedded: 'embedded', ministack: 'MiniStack', moto: 'moto', localstack: 'LocalStack' };

const wanted = options.only?.split(',') ?? Object.keys(COLUMNS);
if (wanted.some((name) => name !== 'embedded')) environment.PATH = await pathWithEngines();
const columns = [];
for (const name of wanted) columns.push(await column(NAMES[name] ?? name, COLUMNS[name]));

const ran = columns.filter(({ behaviours }) => behaviours !== undefined);
const WORDS = { as_aws: 'as AWS', differs: 'differs', missing: 'missing' };
const cell = ({ behaviours }, id) => WORDS[behaviours.find((each) => each.id === id)?.verdict] ?? 'not run';
const rows = ran[0]?.all ?? [];

const counts = ({ behaviours }) =>
  Object.keys(WORDS)
    .map((wanted) => behaviours.filter(({ verdict }) => verdict === wanted).length)
    .join(' / ');

function table() {
  const head = ['area', 'behaviour', ...ran.map(({ name }) => name)];
  const body = rows.map(({ area, id }) => [area, id, ...ran.map((each) => cell(each, id))]);
  const widths = head.map((_, index) => Math.max(...[head, ...body].map((row) => row[index].length)));
  return [head, ...body]
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cellText = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function document() {
  const title = (each) => `${each.name}${each.version ? ` ${each.version}` : ''}`;
  const idle = [
    ...columns.filter(({ reason }) => reason).map(({ name, reason }) => ({ engine: name, reason })),
    ...NOT_RUN,
  ];
  const lines = [
    '# Conformance',
    '',
    'How engines compare with what AWS documents. Written by `npm run test:engines`, which starts every engine that can be',
    'had on the machine; `cliffracer conformance` gives the same comparison for yours. A row is one thing that AWS does, tried',
    'through the AWS SDK for JavaScript; the rows of the *shop* run this program itself, and must hold on every engine.',
    '',
    `| area | what AWS does | ${ran.map(title).join(' | ')} |`,
    `|---|---|${ran.map(() => '---').join('|')}|`,
    ...rows.map(({ area, id, does, source }) => {
      const about = area === 'shop' ? cellText(does) : `${cellText(does)} <br><sub>${cellText(source)}</sub>`;
      return `| ${area} | ${about} | ${ran.map((each) => cell(each, id)).join(' | ')} |`;
    }),
    `| | **as AWS / differs / missing** | ${ran.map(counts).join(' | ')} |`,
    '',
    ...ran.filter(({ note }) => note).map((each) => `${title(each)} ran ${each.note}.`),
    '',
    '## What differs',
    '',
    ...ran.flatMap((each) => {
      const other = each.behaviours.filter(({ verdict }) => verdict !== 'as_aws');
      if (other.length === 0) return [`**${title(each)}**: nothing.`, ''];
      return [`**${title(each)}**`, '', ...other.map(({ id, detail }) => `- \`${id}\`: ${cellText(detail)}`), ''];
    }),
    '## Not run',
    '',
    ...idle.map(({ engine, reason }) => `- ${engine}: ${reason}`),
    '',
  ];
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

process.stdout.write(`${table()}\n\n`);
const faults = ran.flatMap(({ name, behaviours }) =>
  behaviours
    .filter(({ verdict, area }) => verdict !== 'as_aws' && (area === 'shop' || name === 'embedded'))
    .map(({ id, detail }) => `${name}: ${id}: ${detail}`),
);
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
for (const { name, reason } of columns.filter((each) => each.reason))
  process.stdout.write(`not run: ${name}: ${reason}\n`);
const whole = options.only === undefined && options.areas === undefined;
if (whole && !options['no-write']) await writeFile(join(ROOT, 'docs', 'conformance.md'), document());
if (options.work === undefined) await rm(work, { recursive: true, force: true });
const passed = ran.length - new Set(faults.map((fault) => fault.split(':')[0])).size;
process.stdout.write(`${passed} passed, ${ran.length - passed} failed, ${columns.length - ran.length} skipped\n`);
process.exitCode = faults.length > 0 || ran.length === 0 ? 1 : 0;
