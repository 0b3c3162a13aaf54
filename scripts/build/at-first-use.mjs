/** As esbuild writes an `import` in CommonJS; each is one of several that a `var` declares. */
const IMPORT = /\b(import_\w+)=((?:__toESM\()?require\("[^"]+"\)(?:,1)?\)?)(?=[,;])/g;

/**
 * A chunk that loads what it imports, Node's own modules among them, when it first uses a name of it, and never what it only
 * imports so that modules run in the order of ES modules: those here do nothing but define.
 */
export function atFirstUse(code, chunk) {
  const required = new Map([...code.matchAll(IMPORT)].map(([, name, expression]) => [name, expression]));
  const used = new RegExp(
    `(?<![\\w$])(?<!(?<!\\.\\.)\\.)(${[...required.keys()].join('|')})\\b(?!=require|=__toESM)(\\.)?`,
    'g',
  );
  if (required.size === 0) return code;
  const lazy = code.replace(used, (_, name, dot) => {
    if (dot === undefined) throw new Error(`${chunk}: ${name} is used as a whole, not a name of it`);
    return `(${name}??=${required.get(name)}).`;
  });
  return lazy.replace(IMPORT, (_, name) => name);
}
