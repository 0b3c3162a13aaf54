import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { consolePage } from '../scripts/build/console.mjs';
import { licences, packages } from '../scripts/build/licences.mjs';
import derived from '../scripts/docs/absent-operations.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

describe('NOTICE', () => {
  test('names botocore, the version that the models are derived from, and its licence', () => {
    const notice = read('NOTICE');
    expect(notice).toContain(`botocore ${derived.botocore}`);
    expect(notice).toContain('Copyright 2012-2022 Amazon.com, Inc. or its affiliates');
    expect(notice).toContain('licences/Apache-2.0.txt');
    expect(read('licences/Apache-2.0.txt')).toContain('Version 2.0, January 2004');
  });

  test('is part of the package', () => {
    const { files } = JSON.parse(read('package.json'));
    expect(files).toEqual(expect.arrayContaining(['NOTICE', 'LICENSE', 'licences', 'dist']));
  });
});

describe('licences of what is bundled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cliffracer-licences-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function bundled(name: string, license: string, files: Record<string, string>): Promise<string> {
    const at = join(folder, 'node_modules', name);
    await mkdir(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(at, file), text);
    return join(at, 'index.js');
  }
  const metafile = (...inputs: string[]) => ({ inputs: Object.fromEntries(inputs.map((input) => [input, {}])) });

  test('name, version, licence and notices of each package, after our own notice', async () => {
    const first = await bundled('@scope/first', 'MIT', { 'LICENSE.md': 'the text\n', NOTICE: 'its notice' });
    const second = await bundled('second', 'Apache-2.0', {});
    const text = licences(metafile(first, second, `${first}x`, 'src/main.ts'), 'our notice');
    expect(text).toContain('our notice\n');
    expect(text).toContain('@scope/first 1.2.3 (MIT)\n\nits notice\n\nthe text\n');
    expect(text).toMatch(/second 1\.2\.3 \(Apache-2\.0\)\n\nApache License/);
    expect(packages(metafile(first, second, 'src/main.ts'))).toHaveLength(2);
  });

  test('those of the page of the console are told, each with its text', () => {
    const text = licences(consolePage().metafile, '');
    for (const name of ['preact', '@preact/signals', 'htm', 'uplot'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  test('a package without a licence text is no part of a build', async () => {
    const bare = await bundled('bare', 'ISC', {});
    expect(() => licences(metafile(bare), '')).toThrow('bare (ISC) is bundled and brings no licence text');
    const empty = await bundled('empty', 'ISC', { LICENSE: ' ' });
    expect(() => licences(metafile(empty), '')).toThrow('empty 1.2.3: its licence is empty');
  });
});
