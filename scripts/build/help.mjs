import { posix } from 'node:path';

/** What the help of each command consists of, told by the program that was just built. */
export async function helpFiles(files) {
  const { main, helpFile } = loaded(files)('main.js');
  const pages = new Map();
  const read = async (words) => {
    const parts = [];
    const { signal } = new AbortController();
    const code = await main({ ...WORLD, signal, argv: [...words, '--help'], showHelp: (part) => parts.push(part) });
    if (code !== 0 || parts.length === 0) throw new Error(`no help of ${words.join(' ')}`);
    pages.set(`help/${helpFile(words)}`, JSON.stringify(parts));
    for (const name of parts[0].commands) await read([...words, name]);
  };
  await read([]);
  return pages;
}

/** A `require` of files that are not on disk yet. */
function loaded(files) {
  const modules = new Map();
  const load = (name) => {
    if (!modules.has(name)) {
      const module = { exports: {} };
      modules.set(name, module);
      const require = (path) => (path.startsWith('.') ? load(posix.join(posix.dirname(name), path)) : builtin(path));
      new Function('module', 'exports', 'require', files.get(name))(module, module.exports, require);
    }
    return modules.get(name).exports;
  };
  return load;
}

const builtin = (name) => process.getBuiltinModule(name);

const unseen = { write: () => true };
const shown = { write: (text) => process.stderr.write(text) };
const WORLD = {
  env: {},
  io: { stdin: unseen, stdout: unseen, stderr: shown },
  clock: { now: () => 0, sleep: async () => {} },
  system: { cwd: () => '/' },
};
