import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { atFirstUse } from '../scripts/build/at-first-use.mjs';
import { commonJs, lighter } from '../scripts/build/common-js.mjs';
import { consolePage } from '../scripts/build/console.mjs';
import { packed } from '../scripts/build/pack.mjs';
import { patchesOf } from '../scripts/build/patches.mjs';

/** What scripts/build does to text by patterns: it must say so when the text is another than the one they are for. */
describe('chunks as CommonJS', () => {
  const source = new Map([['chunks/a.js', 'import { b } from "./b.js";\nexport const a = () => b;\n']]);
  const code = commonJs(source).get('chunks/a.js')!;

  test("go without esbuild's helpers, and work", () => {
    expect(code).not.toMatch(/__copyProps|__toCommonJS/);
    const module = { exports: {} as { a(): unknown } };
    new Function('module', 'exports', 'require', code)(module, module.exports, () => ({ b: 'b' }));
    expect(module.exports.a()).toBe('b');
  });

  const HELPERS =
    'var __getOwnPropDesc=Object.a;var __getOwnPropNames=Object.b;var __hasOwnProp=Object.c;' +
    'var __export=e,__copyProps=(to,from)=>{return to};var __toCommonJS=mod=>mod;module.exports=__toCommonJS(x);';

  test.each([
    ['other exports', HELPERS.replace('__toCommonJS(x)', '__toCommonJS(x,y)')],
    ['another copying helper', HELPERS.replace('(to,from)', '(target,source)')],
    ['other names', HELPERS.replace('__getOwnPropDesc=', '__getOwnPropDescriptor=')],
    ['a second use', `${HELPERS}__copyProps({},x);`],
  ])('%s fail the build', (_, text) => {
    expect(lighter(HELPERS, 'a.js')).not.toContain('__copyProps');
    expect(() => lighter(text, 'a.js')).toThrow(/^a\.js: esbuild /);
  });
});

describe('imports', () => {
  const code =
    'var import_a=require("./a.js"),import_b=__toESM(require("node:b"),1),import_c=require("./c.js");' +
    'exports.first=()=>[...import_a.names];exports.second=()=>(0,import_a.call)(new import_b.default(x.import_a));';

  test('are loaded when a name of them is used, once, and never where none is', () => {
    const loaded: string[] = [];
    const require = (path: string) => {
      loaded.push(path);
      return { names: ['name'], call: (value: { given: unknown }) => value.given };
    };
    const exports: Record<string, () => unknown> = {};
    const toEsm = () => {
      loaded.push('b');
      return {
        default: class {
          given: unknown;
          constructor(given: unknown) {
            this.given = given;
          }
        },
      };
    };
    new Function('exports', 'require', '__toESM', 'x', atFirstUse(code, 'x.js'))(exports, require, toEsm, {
      import_a: 'member',
    });
    expect(loaded).toEqual([]);
    expect(exports.first!()).toEqual(['name']);
    expect(loaded).toEqual(['./a.js']);
    expect(exports.second!()).toBe('member');
    exports.first!();
    expect(loaded).toEqual(['./a.js', 'node:b', 'b']);
  });

  test('that are used as a whole fail the build', () => {
    expect(() => atFirstUse(`${code}f(import_a);`, 'x.js')).toThrow('x.js: import_a is used as a whole');
  });

  test('for what a module does, and no name of it, fail the build', () => {
    const imports = [{ path: 'dist/chunks/b.js', kind: 'import-statement' }];
    const outputs = { 'dist/main.js': { imports }, 'dist/chunks/b.js': { imports: [], exports: [] } };
    const chunks = new Map([
      ['main.js', 'require("./chunks/b.js")'],
      ['chunks/b.js', ''],
    ]);
    expect(() => packed(chunks, { outputs })).toThrow('dist/chunks/b.js is imported for what it does');
  });
});

describe('packing', () => {
  const main = { imports: [{ path: 'dist/chunks/b.js', kind: 'import-statement' }] };
  const outputs = { 'dist/main.js': main, 'dist/chunks/b.js': { imports: [] } };

  test.each([
    ['a chunk that is required in another way', "require('./chunks/b.js')"],
    ['a chunk that is not required', ''],
    ['a chunk that nobody knows', 'require("./chunks/b.js");require("./chunks/c.js")'],
  ])('%s fails the build', (_, text) => {
    const chunks = new Map([
      ['main.js', text],
      ['chunks/b.js', ''],
    ]);
    expect(() => packed(chunks, { outputs })).toThrow(/^main\.js: esbuild loads chunks\/[bc]\.js in a way/);
  });

  test('a source that has moved fails the build', () => {
    const chunks = new Map([
      ['main.js', 'require("./chunks/b.js")'],
      ['chunks/b.js', ''],
    ]);
    expect(() => packed(chunks, { outputs })).toThrow('no part that is loaded by itself has a source like');
  });
});

describe('patches', () => {
  const patch = { file: /errors\.ts$/, from: 'export class CliffracerError', to: 'export class Other' };
  const built = (...patches: (typeof patch)[]) =>
    build({
      entryPoints: ['src/errors.ts'],
      write: false,
      logLevel: 'silent',
      plugins: [patchesOf(patches)],
    });

  test.each([
    ['a text that is not there', { ...patch, from: 'nowhere' }, 'is another than the one this patch is for'],
    ['a file that is not there', { ...patch, file: /nowhere\.js$/ }, 'no file is patched any more'],
  ])('for %s fail the build', async (_, wrong, message) => {
    await expect(built(wrong)).rejects.toThrow(message);
  });
});

describe('the page of the console', () => {
  const { html, metafile } = consolePage();

  test('is one file of at most 150 kB over the wire, which asks for nothing else', () => {
    expect(gzipSync(html).length).toBeLessThan(150_000);
    expect(html).not.toMatch(/<(?:script|link|img)[^>]* (?:src|href)="(?!data:,")/);
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  test('holds no more than what it is made with', () => {
    const used = new Set(
      Object.keys(metafile.inputs).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]),
    );
    used.delete(undefined);
    expect([...used].sort()).toEqual(['@preact/signals', '@preact/signals-core', 'htm', 'preact', 'uplot']);
    const own = Object.keys(metafile.inputs).filter((file) => file.startsWith('src/'));
    expect(own.filter((file) => !/^src\/(console\/page|lab)\//.test(file))).toEqual([]);
  });
});
