import { readFileSync } from 'node:fs';

/** Places in packages that cost every command time for what this program does not need. */
const PATCHES = [
  {
    // For subcommands that are programs of their own, of which there are none here.
    file: /commander[\\/]lib[\\/]command\.js$/,
    from: "const childProcess = require('node:child_process');",
    to: "const childProcess = { spawn: (...args) => require('node:child_process').spawn(...args) };",
  },
  {
    // A question that opens an editor brings 400 KB of character sets; none here does.
    file: /@inquirer[\\/]prompts[\\/]dist[\\/]index\.js$/,
    from: "export { default as editor } from '@inquirer/editor';\n",
    to: '',
  },
];

export const patchesOf = (wanted = PATCHES) => ({
  name: 'patches',
  setup({ onLoad, onEnd }) {
    const applied = new Set();
    onEnd(({ errors }) => {
      const unused = wanted.find(({ file }) => !applied.has(file));
      if (errors.length === 0 && unused !== undefined)
        throw new Error(`no file is patched any more as ${unused.file} is`);
    });
    for (const { file, from, to } of wanted) {
      onLoad({ filter: file }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${path} is another than the one this patch is for`);
        applied.add(file);
        return { contents: text.replace(from, () => to), loader: 'js' };
      });
    }
  },
});
