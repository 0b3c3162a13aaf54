import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

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
