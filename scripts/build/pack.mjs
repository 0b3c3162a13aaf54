import { posix } from 'node:path';

const REQUIRE = /require\("(\.[^"]+)"\)/g;
/**
 * What makes a chunk worth a place in main.js: it costs every command the time to read over it (60 KB in a millisecond), and
 * saves each of the 55 commands that needs it the opening of a file (a third of one).
 */
const BYTES_FOR_EACH_USER = 400;

/**
 * Puts the chunks that several commands load into main.js, each as a function that runs when it is first required: to find
 * and open a file costs more than to read over what is not needed in it.
 */
export function packed(chunks, metafile) {
  const together = chosen(metafile);
  const files = new Map();
  const members = [];
  for (const [name, text] of chunks) {
    if (together.has(name)) {
      members.push(`${JSON.stringify(name)}(module,exports){${rewired(name, text, 'main.js', together)}}`);
    } else files.set(name, rewired(name, text, name, together));
  }
  return files.set('main.js', `"use strict";const chunks={\n${members.join(',\n')}\n};${RUNTIME}\n`);
}

const RUNTIME =
  'const loaded=new Map;' +
  'exports.load=name=>{let module=loaded.get(name);' +
  'if(module===undefined){module={exports:{}};loaded.set(name,module);chunks[name](module,module.exports)}' +
  'return module.exports};' +
  'const load=exports.load;' +
  'exports.main=world=>load("main.js").main(world);';

/** A chunk's text with its `require`s as they must be where it comes to stand. */
function rewired(name, text, file, together) {
  return text.replace(REQUIRE, (_, path) => {
    const target = posix.join(posix.dirname(name), path);
    const fromFile = posix.relative(posix.dirname(file), together.has(target) ? 'main.js' : target);
    if (!together.has(target)) return `require("./${fromFile}")`;
    return `${file === 'main.js' ? '' : `require("./${fromFile}").`}load(${JSON.stringify(target)})`;
  });
}

/** What every command loads, and what more than one of them does. */
function chosen({ outputs }) {
  const chunks = new Map(Object.entries(outputs).map(([path, output]) => [posix.relative('dist', path), output]));
  const needs = (name, seen) => {
    if (seen.has(name) || !chunks.has(name)) return seen;
    seen.add(name);
    for (const { path, kind } of chunks.get(name).imports) {
      if (kind === 'import-statement') needs(posix.relative('dist', path), seen);
    }
    return seen;
  };
  const entries = [...chunks].map(([name, { entryPoint = '' }]) => ({ name, entryPoint }));
  const commands = entries.filter(({ entryPoint }) => entryPoint.startsWith('src/commands/'));
  const always = new Set();
  for (const { name, entryPoint } of entries) if (/^src\/(main|program)\.ts$/.test(entryPoint)) needs(name, always);
  const users = new Map();
  const use = (name, count) => {
    for (const needed of needs(name, new Set())) users.set(needed, (users.get(needed) ?? 0) + count);
  };
  for (const { name } of commands) use(name, 1);
  // Most commands connect, and then need what a connection loads.
  for (const { imports, inputs } of chunks.values()) {
    if (!('src/connection.ts' in inputs)) continue;
    for (const { path } of imports) use(posix.relative('dist', path), commands.length);
  }
  const shared = [...users].filter(
    ([name, count]) => count > 1 && chunks.get(name).bytes <= count * BYTES_FOR_EACH_USER,
  );
  return new Set([...always, ...shared.map(([name]) => name)]);
}
