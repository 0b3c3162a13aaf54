// npm run test:mutation -- --mutants 20 --seed 1 [--only src/shop]: changes one place of the source at a time, so many in each
// area, and runs the tests that stand for it. A mutant that all of them pass survives: nothing holds what it changed.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { parseAst } from 'vitest/node';

/** What is changed, and the tests that must notice. */
const AREAS = Object.entries({
  'src/emulator/persistence': ['test/emulator/persistence/', 'test/emulator/control/'],
  'src/emulator/calls': ['test/emulator/calls/', 'test/emulator/control/'],
  'src/shop/runtime': ['test/shop/runtime/'],
  'src/shop/audit': ['test/shop/runtime/'],
  'src/shop/dead-letters': ['test/lab/dead-letters/'],
  'src/lab/dead-letters': ['test/lab/dead-letters/', 'test/commands/dlq'],
  'src/lab/lint': ['test/lab/lint/'],
  'src/lab/template': ['test/lab/template/'],
  'src/expression': ['test/lab/dead-letters/', 'test/debugger/breakpoint.test.ts'],
});

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'src/' },
  },
});

/** How each kind of node can be changed: pairs of a kind of mutant and the text in place of the node's. */
const CHANGES = {
  IfStatement: ({ test }, of) => [['negated condition', test, `!(${of(test)})`]],
  ConditionalExpression: ({ test }, of) => [['negated condition', test, `!(${of(test)})`]],
  ExpressionStatement: (node) => (node.directive === undefined ? [['removed statement', node, ';']] : []),
  ThrowStatement: (node) => [['removed statement', node, ';']],
  Literal(node) {
    if (typeof node.value === 'number') return [['changed constant', node, String(node.value + 1)]];
    return typeof node.value === 'boolean' ? [['changed constant', node, String(!node.value)]] : [];
  },
  LogicalExpression(node, of) {
    const other = { '&&': '||', '||': '&&' }[node.operator];
    return other === undefined ? [] : [['swapped operator', node, `((${of(node.left)}) ${other} (${of(node.right)}))`]];
  },
  CallExpression(node, of) {
    const last = node.arguments.at(-1);
    if (last === undefined) return [];
    const kept = node.arguments.slice(0, -1).map(of);
    return [['dropped argument', node, `${of(node.callee)}${node.optional ? '?.' : ''}(${kept.join(', ')})`]];
  },
};

function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const of = ({ start, end }) => text.slice(start, end);
  const mutants = [];
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node?.type !== 'string') return;
    // Of types only the expressions that bear them are run.
    if (node.type.startsWith('TS')) return visit(node.expression);
    for (const [kind, { start, end }, by] of CHANGES[node.type]?.(node, of) ?? []) {
      const line = text.slice(0, start).split('\n').length;
      mutants.push({
        file,
        kind,
        line,
        was: text.slice(start, end),
        by,
        text: text.slice(0, start) + by + text.slice(end),
      });
    }
    for (const [name, child] of Object.entries(node)) if (name !== 'type') visit(child);
  };
  visit(parseAst(text, { lang: 'ts' }).body);
  return mutants;
}

/** Mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sample(all, count, random) {
  const rest = [...all];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1)[0],
  );
}

/** Whether all tests pass with this file as it is given. What takes longer than `longest` goes round for ever. */
function passes(tests, { file, text }, longest) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.mutation.config.ts', ...tests];
  const env = { ...process.env, CI: 'true', MUTANT: JSON.stringify({ file, text }) };
  const options = { env, stdio: 'ignore', killSignal: 'SIGKILL', timeout: longest };
  return spawnSync(process.execPath, args, options).status === 0;
}

const oneLine = (text) => {
  const joined = text.replace(/\s+/g, ' ');
  return joined.length > 100 ? `${joined.slice(0, 97)}...` : joined;
};

function mutantsIn(area) {
  return readdirSync(area, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${area}/${name}`)
    .filter((file) => file.startsWith(relative('.', values.only)))
    .sort()
    .flatMap(mutantsOf);
}

for (const [area, tests] of AREAS) {
  const all = mutantsIn(area);
  const chosen = sample(all, Number(values.mutants), randomFrom(Number(values.seed)));
  if (chosen.length === 0) continue;
  const start = performance.now();
  if (!passes(tests, { file: '', text: '' })) {
    console.error(`error: the tests fail without a mutant: npx vitest run ${tests.join(' ')}`);
    process.exit(2);
  }
  const longest = 60_000 + 4 * Math.round(performance.now() - start);
  let killed = 0;
  for (const mutant of chosen) {
    const { file, line, kind, was, by } = mutant;
    if (!passes(tests, mutant, longest)) killed++;
    else console.log(`survived  ${file}:${line}  ${kind}: ${oneLine(was)}  ->  ${oneLine(by)}`);
  }
  const score = Math.round((killed / chosen.length) * 100);
  console.log(
    `${area}: ${killed} of ${chosen.length} mutants killed (${score} %), of ${all.length} in all, seed ${values.seed}`,
  );
}
