import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lintPage } from '../../scripts/docs/lint.ts';
import { templatesPage } from '../../scripts/docs/templates.ts';

const docs = resolve(import.meta.dirname, '../../docs');

test('docs/templates.md is fresh (npm run docs)', async () => {
  await expect(templatesPage()).toMatchFileSnapshot(resolve(docs, 'templates.md'));
});

test('docs/lint.md is fresh (npm run docs)', async () => {
  await expect(lintPage()).toMatchFileSnapshot(resolve(docs, 'lint.md'));
});
