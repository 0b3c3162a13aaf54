import { posix } from 'node:path';
import { atFirstUse } from './at-first-use.mjs';
import { chosen } from './choose.mjs';

const REQUIRE = /require\("(\.[^"]+)"\)/g;

/**
 * Puts chunks that are mostly loaded together into one file, each as a function that runs when it is first required: to
 * find and open a file costs more than to read over what is not needed in it.
 */
export function packed(chunks, metafile) {
  checkRequires(chunks, metafile);
  const packs = chosen(metafile);
  /** Where a chunk comes to stand. */
  const homes = new Map(packs.flatMap(({ file, members }) => [...members].map((name) => [name, file])));
  const files = new Map();
  for (const [name, text] of chunks)
    if (!homes.has(name)) files.set(name, rewired(name, atFirstUse(text, name), name, homes));
  for (const { file, members, last = '' } of packs) {
    const functions = [...members].map((name) => {
      return `${JSON.stringify(name)}(module,exports){${rewired(name, atFirstUse(chunks.get(name), name), file, homes)}}`;
    });
    files.set(file, `"use strict";const chunks={\n${functions.join(',\n')}\n};${LOAD}${last}\n`);
  }
  return files;
}

/** Every chunk that esbuild knows a chunk to load must be found in its text, and no other: else one would be missing at a use. */
function checkRequires(chunks, { outputs }) {
  for (const [path, { imports }] of Object.entries(outputs)) {
    const name = posix.relative('dist', path);
    const known = imports.filter(({ external }) => !external).map((each) => posix.relative('dist', each.path));
    const found = [...chunks.get(name).matchAll(REQUIRE)].map(([, to]) => posix.join(posix.dirname(name), to));
    const odd = [...new Set([...known, ...found])].filter((to) => !known.includes(to) || !found.includes(to));
    if (odd.length > 0) throw new Error(`${name}: esbuild loads ${odd.join(', ')} in a way that packing does not know`);
    const effect = imports.find((each) => outputs[each.path]?.exports?.length === 0);
    if (effect !== undefined)
      throw new Error(`${name}: ${effect.path} is imported for what it does; nobody would load it`);
  }
}

const LOAD =
  'const loaded=new Map;' +
  'const load=exports.load=name=>{let module=loaded.get(name);' +
  'if(module===undefined){module={exports:{}};loaded.set(name,module);chunks[name](module,module.exports)}' +
  'return module.exports};';

/** A chunk's text with its `require`s as they must be in the file where it comes to stand. */
function rewired(name, text, file, homes) {
  return text.replace(REQUIRE, (_, path) => {
    const target = posix.join(posix.dirname(name), path);
    const home = homes.get(target);
    const required = `require("./${posix.relative(posix.dirname(file), home ?? target)}")`;
    if (home === undefined) return required;
    return `${home === file ? '' : `${required}.`}load(${JSON.stringify(target)})`;
  });
}
