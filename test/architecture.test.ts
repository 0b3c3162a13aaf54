import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The rules of docs/architecture.md that a machine can check, over every file of src. */
const ROOT = resolve(import.meta.dirname, '../src');

interface Source {
  file: string;
  text: string;
  imports: string[];
}

const sources: Source[] = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
    return { file, text, imports };
  });

const layerOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : file);

/** What each layer may import from src, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // What messages say, and the language of conditions on them, in which queues are held and dead letters chosen.
  expression: [],
  // X.509 by itself: for the engine's own HTTPS, and for what takes a program's calls to AWS.
  certificates: [],
  'hash.ts': [],
  emulator: ['hash.ts', 'expression', 'certificates'],
  'errors.ts': [],
  'environment.ts': [],
  'duration.ts': [],
  config: ['errors.ts'],
  'clock.ts': [],
  'own-calls.ts': [],
  domain: ['expression', 'errors.ts'],
  'ports.ts': ['domain', 'errors.ts'],
  services: ['domain', 'errors.ts'],
  // Resources as data, and what makes them so: known to shop and lab, which do not know each other.
  topology: ['errors.ts'],
  // The engine and its ports are handed in by chaos/.
  shop: ['hash.ts', 'ports.ts', 'clock.ts', 'topology', 'services', 'domain', 'expression', 'errors.ts'],
  lab: [
    'hash.ts',
    'ports.ts',
    'clock.ts',
    'topology',
    'environment.ts',
    'config',
    'expression',
    'certificates',
    'errors.ts',
  ],
  aws: ['own-calls.ts', 'domain', 'ports.ts', 'topology', 'shop', 'lab', 'errors.ts'],
  // Storms on an engine of this process, and on many threads.
  chaos: [
    'app.ts',
    'connection.ts',
    'emulator',
    'engines',
    'aws',
    'topology',
    'shop',
    'ports.ts',
    'domain',
    'errors.ts',
  ],
  conformance: ['aws', 'topology', 'shop', 'lab', 'ports.ts', 'clock.ts', 'domain', 'errors.ts'],
  // As adapters of AWS do for the shop, those of the embedded engine implement the ports of the lab.
  engines: ['own-calls.ts', 'emulator', 'certificates', 'environment.ts', 'config', 'lab', 'errors.ts'],
  // The server asks by ports; the page, for a browser, imports types and what is pure.
  console: ['lab', 'ports.ts', 'clock.ts', 'expression', 'errors.ts'],
  views: ['domain', 'ports.ts', 'topology', 'shop', 'lab', 'debugger', 'own-calls.ts', 'errors.ts'],
  // The full screen: what it shows and what its keys do; pure but for the questions that it asks the engine.
  watch: ['lab', 'views', 'errors.ts'],
  // Sessions over the lab's steps; the shop's services are one of the consumers that they stop.
  debugger: ['lab', 'shop', 'services', 'domain', 'ports.ts', 'clock.ts', 'expression', 'errors.ts'],
  cli: ['views', 'environment.ts', 'duration.ts', 'errors.ts'],
  // The package's `cliffracer/testing`: an engine of this process, and the lab on it.
  testing: [
    'hash.ts',
    'connection.ts',
    'emulator',
    'aws',
    'topology',
    'shop',
    'lab',
    'engines',
    'views',
    'config',
    'environment.ts',
    'duration.ts',
    'errors.ts',
  ],
};

const layerFaults = sources.flatMap(({ file, imports }) => {
  const allowed = MAY_IMPORT[layerOf(file)];
  if (allowed === undefined) return [];
  return imports
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, resolve(ROOT, dirname(file), name)))
    .filter((target) => layerOf(target) !== layerOf(file) && !allowed.includes(layerOf(target)))
    .map((target) => `${file} imports ${target}`);
});

const onlyIn = (allowed: RegExp) => (found: Source[]) =>
  found.map(({ file }) => file).filter((file) => !allowed.test(file));
const importing = (name: RegExp) => sources.filter(({ imports }) => imports.some((each) => name.test(each)));
const containing = (pattern: RegExp) =>
  sources.filter(({ text }) => pattern.test(text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')));

describe('imports', () => {
  test('go from the outside in', () => expect(layerFaults).toEqual([]));

  test.each([
    ['the AWS SDK', /^@aws-sdk\//, /^(aws|conformance)\//],
    [
      'commander',
      /^commander$/,
      /^(program\.ts|program\/|commands\/|completion\/|cli\/arguments\.ts|access\/(message-input|debugging|dead-letter-queue)\.ts)/,
    ],
    ['chalk', /^chalk$/, /^cli\//],
    ['ora and @inquirer/prompts', /^(ora|@inquirer\/prompts)$/, /^cli\//],
    ['execa', /^execa$/, /^engines\//],
    ['zod', /^zod(\/|$)/, /^domain\//],
  ])('%s stays where it belongs', (_name, library, allowed) => {
    expect(onlyIn(allowed)(importing(library))).toEqual([]);
  });
});

/** Groups of modules that import each other, by Tarjan's algorithm; types and dynamic imports count too. */
function cycles(): string[][] {
  const edges = new Map(
    sources.map(({ file, imports }): [string, string[]] => [
      file,
      imports.filter((name) => name.startsWith('.')).map((name) => relative(ROOT, resolve(ROOT, dirname(file), name))),
    ]),
  );
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!edges.has(next)) continue;
      const reached = order.has(next)
        ? open.includes(next)
          ? order.get(next)!
          : Number.POSITIVE_INFINITY
        : visit(next);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === order.get(file)) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || edges.get(file)!.includes(file)) found.push(group.sort());
    }
    return lowest.get(file)!;
  };
  for (const { file } of sources) if (!order.has(file)) visit(file);
  return found;
}

test('no module imports itself by way of others', () => expect(cycles()).toEqual([]));

test('domain, services and shop name no command lines', () => {
  const naming = containing(/['"`]cliffracer [a-z]/).map(({ file }) => file);
  // A storm is repeated by its command line, which is what the result of one is.
  expect(naming.filter((file) => /^(domain|services|shop|topology)\//.test(file))).toEqual(['shop/storms/replay.ts']);
});

test('only the adapters and the engine write expressions of DynamoDB', () => {
  // Names of the requests' members, functions of the language, and placeholders as names of members.
  const syntax =
    /\b(KeyCondition|Condition|Update|Filter|Projection)Expression\b|\bExpressionAttribute(Names|Values)\b|\b(attribute_(not_)?exists|if_not_exists)\b|\bbegins_with\(|['"][#:]\w+['"]: /;
  expect(onlyIn(/^(aws|emulator|conformance)\//)(containing(syntax))).toEqual([]);
});

test('commands/ has command modules only', () => {
  const tree = /^commands\/(index|entry|laboratory)\.ts$/;
  const others = sources.filter(({ file }) => file.startsWith('commands/') && !tree.test(file));
  expect(others.filter(({ text }) => !/export .*\w+Command\b/.test(text)).map(({ file }) => file)).toEqual([]);
});

describe('determinism', () => {
  test.each([
    [
      'process',
      /\bprocess\.(exit|exitCode|env|argv|std\w+|on|once|kill|cwd|pid|version|versions|send|connected|memoryUsage|platform)\b/,
      /^(main\.ts|cli\/io\.ts|engines\/embedded\/process\.ts|emulator\/core\/host\.ts|lab\/lambda\/node-runtime\.ts|lab\/intercept\/node-preload\.ts)$/,
    ],
    [
      'the steady clock',
      /\bprocess\.hrtime\b|\bperformance\.now\(/,
      /^(emulator\/core\/host|engines\/http|own-calls|console\/page\/.*)\.ts$/,
    ],
    ['the wall clock', /\bDate\.now\(|\bnew Date\(\)/, /^(emulator\/core\/host|lab\/lambda\/node-runtime)\.ts$/],
    ['randomness', /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, /^$/],
    // Deadlines of sockets and of a starting process are real time by nature.
    [
      'timers',
      /\bset(Timeout|Interval)\(/,
      /^(emulator\/core\/host\.ts|engines\/http\.ts|engines\/embedded\/start\.ts|aws\/retry\.ts|console\/page\/.*)$/,
    ],
  ])('%s is used in its own place only', (_name, pattern, allowed) => {
    expect(onlyIn(allowed)(containing(pattern))).toEqual([]);
  });
});

test('files stay small', () => {
  const long = sources.filter(({ text }) => text.split('\n').length > 251).map(({ file }) => file);
  expect(long).toEqual([]);
});

test('no grab-bag modules', () => {
  expect(
    sources.map(({ file }) => file).filter((file) => /(^|\/)(utils?|common|helpers?|misc)(\.ts$|\/)/.test(file)),
  ).toEqual([]);
});
