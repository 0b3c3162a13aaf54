import { transformSync } from 'esbuild';

/**
 * The chunks as CommonJS, of which Node.js loads a file in a third of the time; esbuild splits ES modules only. An `import()`
 * becomes a promise of what `require` gives.
 */
export function commonJs(chunks) {
  const made = new Map();
  for (const [name, text] of chunks) {
    const { code } = transformSync(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      supported: { 'dynamic-import': false },
      minifySyntax: true,
      minifyWhitespace: true,
      sourcefile: name,
    });
    made.set(name, lighter(code, name));
  }
  return made;
}

const EXPORTS = /module\.exports=__toCommonJS\((\w+)\);/;
/** esbuild's helpers for what a chunk exports. */
const COPIES = /,__copyProps=\(to,from.*?return to\};var __toCommonJS=mod=>[^;]*;/;
const THEIR_NAMES = /var __getOwnPropDesc=[\w.]+;var __getOwnPropNames=[\w.]+;var __hasOwnProp=[\w.]+;/;

/**
 * esbuild exports a copy of getters that ask getters, as `require` of any file may add to what it got. Nothing does here, so
 * the getters themselves are exported: half the work at each use, and no helper to read over in every chunk.
 */
export function lighter(code, chunk) {
  const by = (pattern, replacement, text) => {
    if (!pattern.test(text)) throw new Error(`${chunk}: esbuild writes its helpers otherwise; ${pattern} fits no more`);
    return text.replace(pattern, replacement);
  };
  if (!code.includes('__toCommonJS')) return code;
  const exported = by(EXPORTS, (_, name) => `module.exports=__defProp(${name},"__esModule",{value:!0});`, code);
  if (/__toESM|__reExport/.test(exported)) return exported;
  const light = by(THEIR_NAMES, '', by(COPIES, ';', exported));
  const left = /__(?:toCommonJS|copyProps|getOwnPropDesc|getOwnPropNames|hasOwnProp)\b/.exec(light);
  if (left !== null) throw new Error(`${chunk}: esbuild uses ${left[0]} in another place too`);
  return light;
}
