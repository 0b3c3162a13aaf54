import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { templatesPage } from '../../scripts/docs/templates.ts';

const docs = resolve(import.meta.dirname, '../../docs');

test('docs/templates.md is fresh (npm run docs)', async () => {
  await expect(templatesPage()).toMatchFileSnapshot(resolve(docs, 'templates.md'));
});
