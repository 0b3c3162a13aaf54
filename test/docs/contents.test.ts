import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ENTRIES } from '../../src/commands/index.ts';
import { EXIT_CODES } from '../../src/errors.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

describe('docs/output.md', () => {
  const text = read('docs/output.md');

  test('lists every error code', () => {
    expect(Object.keys(EXIT_CODES).filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  test('lists every command', () => {
    const groups = ['clock', 'snapshot', 'chaos'];
    const missing = ENTRIES.map(({ path }) => path).filter(
      (path) => !text.includes(`\`${path}`) && !groups.includes(path.split(' ')[0]!),
    );
    expect(missing).toEqual([]);
  });
});

test('links between documents lead somewhere', () => {
  const files = ['README.md', 'CONTRIBUTING.md', ...readdirSync(resolve(root, 'docs')).map((name) => `docs/${name}`)];
  const broken = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((match) => resolve(root, file, '..', match[1]!)),
    )
    .filter((target) => {
      try {
        readFileSync(target);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EISDIR';
      }
    });
  expect(broken).toEqual([]);
});
