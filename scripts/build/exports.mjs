import { readFileSync } from 'node:fs';

/**
 * What the package exports. Each part is CommonJS, which is bundled with the program; an ES module hands its members on, so
 * that both kinds of importers have the same one. The types are interfaces alone, written in files of their own, which
 * need no translation.
 */
const PARTS = {
  config: {
    members: ['defineConfig'],
    types: ['src/config/types.ts'],
    declared: ['export declare function defineConfig(config: Config): Config;'],
  },
  'create-engine': {
    members: ['createEngine'],
    types: ['src/emulator/types/engine.ts'],
    declared: ['export declare function createEngine(options?: LocalEngineOptions): LocalEngine;'],
  },
  testing: {
    members: ['startLab', 'LabError'],
    types: [
      ...['src/config/types.ts', 'src/emulator/types/engine.ts', 'src/testing/types/lab.ts'],
      ...['src/testing/types/consumers.ts', 'src/testing/types/resources.ts', 'src/testing/types/settle.ts'],
      'src/testing/types/check.ts',
    ],
    declared: [
      'export declare class LabError extends Error {\n  override readonly name: "LabError";\n}',
      'export declare function startLab(options?: LabOptions): Promise<Lab>;',
    ],
  },
};

/** Names and texts of the files beside the bundled ones. */
export function* exported() {
  for (const [name, { members, types, declared }] of Object.entries(PARTS)) {
    const given = members.join(', ');
    yield [
      `${name}.mjs`,
      `import { createRequire } from 'node:module';\nexport const { ${given} } = createRequire(import.meta.url)('./${name}.js');\n`,
    ];
    const texts = types.map((file) => withoutImports(readFileSync(file, 'utf8')));
    // `await using`, for projects whose own library is older.
    const text = ['/// <reference lib="esnext.disposable" />', ...texts, ...declared, ''].join('\n');
    for (const ending of ['d.ts', 'd.mts']) yield [`${name}.${ending}`, text];
  }
}

/** Files that import each other's types become one. */
const withoutImports = (text) =>
  text.replaceAll(/^import type [^;]+;\n/gm, '').replaceAll(/^\s*\/\/ biome-ignore.*\n/gm, '');
